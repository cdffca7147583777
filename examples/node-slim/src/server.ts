import Fastify from "fastify";
import { userInfo } from "node:os";

const app = Fastify();
const port = Number(process.env.PORT ?? 3000);

app.get("/", async () => ({ message: "Lighthouse by Dockerfile", node: process.version, user: userInfo().username }));
app.get<{ Params: { name: string } }>("/lights/:name", async (request) => ({ name: request.params.name, on: true }));

await app.listen({ port, host: "0.0.0.0" });
