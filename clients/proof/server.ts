/** A real server with an empty database of its own, for as long as the tests run. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    baseUrl: string;
  }
}

export const HOME = resolve(import.meta.dirname, "../..");
export const ADMIN = { username: "root", password: "correct horse battery" };

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

export async function serve(folder: string, port: number, settings: Record<string, string> = {}): Promise<ChildProcess> {
  const server = spawn(join(HOME, ".venv/bin/python"), ["-m", "api", "serve"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      PATH: process.env.PATH,
      PYTHONPATH: HOME,
      PORT: String(port),
      HOST: "127.0.0.1",
      RATE_LIMIT_ENABLED: "false",
      DEMO_DATA: "false",
      PASSWORD_HASH_ROUNDS: "4",
      SECRET_KEY: "a key that outlives a server, and nothing else",
      FIRST_ADMIN_USERNAME: ADMIN.username,
      FIRST_ADMIN_EMAIL: "root@example.com",
      FIRST_ADMIN_PASSWORD: ADMIN.password,
      ...settings,
    },
  });
  let said = "";
  server.stderr?.on("data", (chunk) => {
    said += String(chunk);
  });
  for (let tries = 0; tries < 300; tries++) {
    if (server.exitCode !== null) break;
    const answer = await fetch(`http://127.0.0.1:${port}/ready`).catch(() => undefined);
    if (answer?.ok) return server;
    await pause(100);
  }
  throw new Error(`The server did not start.\n${said}`);
}

export async function stop(server: ChildProcess): Promise<void> {
  const ended = once(server, "exit");
  server.kill();
  await ended;
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "onefold-"));
  const port = await freePort();
  const server = await serve(folder, port);
  project.provide("baseUrl", `http://127.0.0.1:${port}`);
  return async () => {
    await stop(server);
    await rm(folder, { recursive: true });
  };
}
