/** What generators that we do not use make of the document; not committed, and made anew for each proof. */

import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { delimiter, resolve } from "node:path";

const DOCUMENT = "../../openapi.json";
const bin = resolve(".venv/bin");
const PATH = [bin, resolve("node_modules/.bin"), process.env.PATH].join(delimiter);
const make = (command, ...words) => execFileSync(command, words, { env: { ...process.env, PATH }, stdio: ["ignore", "ignore", "inherit"] });

rmSync("gen", { recursive: true, force: true });
make("openapi-typescript", DOCUMENT, "--output", "gen/openapi-typescript.ts");
make("orval", "--input", DOCUMENT, "--output", "gen/orval.ts", "--client", "fetch");
const how = ["--config", "openapi-python-client.yaml", "--meta", "none", "--fail-on-warning"];
make("openapi-python-client", "generate", "--path", DOCUMENT, "--output-path", "gen/onefold_api", ...how);
// A free JSON object has arrays of anything, where the generator writes a cast that this version of mypy finds redundant.
make("mypy", "--strict", "--no-warn-redundant-casts", "--explicit-package-bases", "call.py", "gen/onefold_api");
