/** Pictures: kept as they are sent, and answered as they were. */

import type { ImageType } from "../../generated/types.gen.js";
import { type Entity, changed, refuse } from "../asked.js";
import type { World } from "../world.js";

const BEGINNINGS: Record<ImageType, RegExp> = {
  "image/png": /^\x89PNG\r\n\x1a\n/,
  "image/jpeg": /^\xff\xd8\xff/,
  "image/webp": /^RIFF[^]{4}WEBP/,
  "image/gif": /^GIF8[79]a/,
};
const known = Object.entries(BEGINNINGS) as [ImageType, RegExp][];
/** The picture of whoever is signed in. */
const pictures = new WeakMap<World, { id: string; data: Blob }>();

export default {
  operations: {
    async setAvatar(asked) {
      const { request, world } = asked;
      if (!request.headers.get("Content-Type")?.startsWith("multipart/form-data")) refuse("unsupported_media_type");
      const file = (await request.formData()).get("file");
      if (!(file instanceof Blob)) refuse("invalid_request", { errors: [{ loc: ["body", "file"], msg: "This is required.", type: "missing" }] });
      const first = String.fromCharCode(...new Uint8Array(await file.slice(0, 12).arrayBuffer()));
      const [type] = known.find(([, beginning]) => beginning.test(first)) ?? refuse("unsupported_media_type");
      const id = world.believer.id();
      pictures.set(world, { id, data: new Blob([file], { type }) });
      return changed(asked, "UserPublic", world.me(), { avatar_url: `/api/v1/avatars/${id}` });
    },
    deleteAvatar(asked) {
      pictures.delete(asked.world);
      changed(asked, "UserPublic", asked.world.me(), { avatar_url: null });
      return undefined;
    },
    getAvatar({ world, params }) {
      const picture = pictures.get(world);
      return picture && picture.id === params.id ? picture.data : refuse("not_found");
    },
  },
} satisfies Entity;
