/** A file on its way up and down again, by a client that knows what it is. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type AvatarUpload,
  deleteAvatar,
  getAvatar,
  type GetAvatarResponse,
  getMe,
  isProblem,
  setAvatar,
  type SetAvatarError,
} from "onefold-client";
import { expect, expectTypeOf, test } from "vitest";
import { HOME } from "../server.js";
import { count, type Person, person, spoil } from "./people.js";

const PNG = readFileSync(join(HOME, "postman/picture.png"));
const upload = () => new File([PNG], "me.png", { type: "image/png" });

/** The beginning of a PNG: what it is, its width and its height. */
async function magic(shown: Blob): Promise<Buffer> {
  return Buffer.from(await shown.arrayBuffer()).subarray(0, 24);
}

async function picture({ client }: Person): Promise<GetAvatarResponse> {
  const { data: me } = await getMe({ client });
  return (await getAvatar({ client, path: { id: me.avatar_url?.split("/").at(-1) ?? "" } })).data;
}

test("a picture reads back, encoded anew, until it is taken away", async () => {
  const ada = await person();
  const { data: me } = await setAvatar({ client: ada.client, body: { file: upload() } });
  const shown = await picture(ada);

  expect(shown).toBeInstanceOf(Blob);
  expect(shown.type).toBe("image/png");
  expect(await magic(shown)).toEqual(PNG.subarray(0, 24));
  expect((await getMe({ client: ada.client })).data).toEqual(me);

  await deleteAvatar({ client: ada.client });
  const path = { id: me.avatar_url?.split("/").at(-1) ?? "" };
  await expect(getAvatar({ client: ada.client, path })).rejects.toMatchObject({ code: "not_found" });
});

test("an upload is sent once more, whole, when the access token has ended", async () => {
  const ada = await person();
  await spoil(ada.store);

  await setAvatar({ client: ada.client, body: { file: upload() } });

  expect(count(ada.asked, "PUT /api/v1/users/me/avatar")).toBe(2);
  expect(await magic(await picture(ada))).toEqual(PNG.subarray(0, 24));
});

test("a text file is refused with a problem, whatever it is called", async () => {
  const { client } = await person();
  const body = { file: new File(["no picture"], "me.png", { type: "image/png" }) };

  const { data, error } = await setAvatar({ client, body, throwOnError: false });
  expect(data).toBeUndefined();
  expectTypeOf(error).toEqualTypeOf<SetAvatarError | undefined>();
  expect(error?.code satisfies SetAvatarError["code"] | undefined).toBe("unsupported_media_type");
  expect(error?.status).toBe(415);

  const thrown = await setAvatar({ client, body }).then(() => undefined, (problem: unknown) => problem);
  expect(isProblem(thrown, "unsupported_media_type")).toBe(true);
  expect((await getMe({ client })).data.avatar_url).toBeNull();
});

test("what is sent and what comes back are files, and nothing looser", () => {
  expectTypeOf<AvatarUpload>().toEqualTypeOf<{ file: Blob | File }>();
  expectTypeOf<GetAvatarResponse>().toEqualTypeOf<Blob | File>();
  // @ts-expect-error  a text is no file
  const wrong: AvatarUpload = { file: "no picture" };
  expect(wrong.file).toBe("no picture");
});
