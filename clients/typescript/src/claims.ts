/** What an access token says about itself. It is read here, and verified by the server alone. */

export interface Claims {
  user: string;
  session: string;
}

/** The user and the session of an access token, or empty strings if it is no JWT, like those of the mocks. */
export function claimsOf(token: string): Claims {
  try {
    const [, body = ""] = token.split(".");
    const { sub, sid } = JSON.parse(atob(body.replace(/-/g, "+").replace(/_/g, "/"))) as { sub?: string; sid?: string };
    return { user: sub ?? "", session: sid ?? "" };
  } catch {
    return { user: "", session: "" };
  }
}
