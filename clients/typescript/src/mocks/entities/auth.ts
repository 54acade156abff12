/** Signing in: everybody may, except with the password `wrong`. */

import { type Asked, type Entity, refuse } from "../asked.js";
import type { Row } from "../schema.js";

function tokens({ body, world }: Asked): Row {
  return {
    access_token: `mock.${world.believer.id()}`,
    token_type: "bearer",
    expires_in: 900,
    refresh_token: body.transport === "cookie" ? null : `mock.${world.believer.id()}`,
  };
}

export default {
  operations: {
    register(asked) {
      const { email, username = String(email).split("@")[0], first_name, last_name, full_name } = asked.body;
      const names = { username, email, first_name, last_name, full_name };
      const named = Object.entries(names).filter(([, value]) => value !== undefined);
      asked.world.change("UserPublic", asked.world.me(), Object.fromEntries(named) as Row);
      return tokens(asked);
    },
    login(asked) {
      if (asked.body.password === "wrong") refuse("invalid_credentials");
      return tokens(asked);
    },
    createToken: tokens,
    refresh: tokens,
  },
  schemas: {
    UserSessionPublic: {
      words: { user_agent: ["Firefox on Linux", "Safari on an iPhone", "Chrome on Windows"] },
      imagined(row, number) {
        row.current = number === 0;
      },
    },
  },
} satisfies Entity;
