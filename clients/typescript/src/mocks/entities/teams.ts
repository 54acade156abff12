import { type Entity, refuse } from "../asked.js";

export default {
  operations: {
    getTeamExport: ({ world, params }) => {
      const team = world.find("TeamPublic", params.id) ?? refuse("not_found");
      return { ...world.believer.row("TeamExport"), team: world.shown("TeamPublic", team) };
    },
  },
} satisfies Entity;
