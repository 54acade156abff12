import { type Entity, changed, refuse } from "../asked.js";

export default {
  operations: {
    changeStock(asked) {
      const product = asked.world.find("ProductPublic", asked.params.id) ?? refuse("not_found");
      const quantity = Number(product.quantity) + Number(asked.body.change);
      if (quantity < 0) refuse("out_of_stock");
      return changed(asked, "ProductPublic", product, { quantity });
    },
  },
  schemas: {
    ProductPublic: {
      words: { name: ["Wool blanket", "Picture book", "Tea mug", "Wooden blocks", "Seed box", "Notebook", "Canvas bag"] },
    },
  },
} satisfies Entity;
