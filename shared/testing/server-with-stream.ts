// A process of its own for serve.test.ts: one quick route, one answer that takes a while, one that
// never comes, one stream that never ends.
import { route, setup } from "@hectoday/http";
import { serve } from "../serve.ts";

await serve(() =>
  setup({
    routes: [
      route.get("/quick", { resolve: () => new Response("quick") }),
      route.get("/slow", {
        resolve: () => new Promise((resolve) => setTimeout(resolve, 500, new Response("slow"))),
      }),
      route.get("/endless", { resolve: () => new Promise(() => {}) }),
      route.get("/stream", {
        resolve: () =>
          new Response(
            new ReadableStream({
              start: (controller) => controller.enqueue(new TextEncoder().encode(": hi\n\n")),
            }),
            { headers: { "content-type": "text/event-stream" } },
          ),
      }),
    ],
  }),
);
