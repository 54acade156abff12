import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { ADMIN, HOME } from "../server.js";

interface Summary {
  run: { executions: unknown[]; failures: { source: { name: string }; error: { message: string } }[] };
}
type Run = (options: object, done: (error: Error | null, summary: Summary) => void) => void;
const newman = createRequire(import.meta.url)("newman") as { run: Run }; // it comes without types

test("the whole Postman collection runs, and then once more", async () => {
  for (const _ of ["once", "again"]) {
    const { run } = await new Promise<Summary>((resolve, reject) => {
      const values = { base_url: inject("baseUrl"), admin_username: ADMIN.username, admin_password: ADMIN.password };
      const options = {
        collection: join(HOME, "postman/onefold.postman_collection.json"),
        environment: join(HOME, "postman/onefold.postman_environment.json"),
        workingDir: join(HOME, "postman"),
        envVar: Object.entries(values).map(([key, value]) => ({ key, value })),
      };
      newman.run(options, (error, summary) => (error ? reject(error) : resolve(summary)));
    });

    expect(run.failures.map(({ source, error }) => `${source.name}: ${error.message}`)).toEqual([]);
    expect(run.executions.length).toBeGreaterThan(50);
  }
});
