import { openDatabase } from "../../shared/database.ts";
import { seed } from "../../shared/seed.ts";
import { serve } from "../../shared/serve.ts";
import { withPage } from "../../shared/web/page.ts";
import { createApp } from "./app.ts";

await serve(() => {
  const database = seed(openDatabase(process.env.DATABASE_FILE));
  return withPage(createApp({ database }), import.meta.dirname);
});
