// A process of its own for serve.test.ts: one quick route, one stream that never ends, one answer that takes long.
import { route, setup } from "@hectoday/http";
import { serve } from "../serve.ts";

await serve(() =>
  setup({
    routes: [
      route.get("/quick", { resolve: () => new Response("quick") }),
      route.get("/slow", {
        resolve: () => new Promise((resolve) => setTimeout(resolve, 500, new Response("slow"))),
      }),
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
