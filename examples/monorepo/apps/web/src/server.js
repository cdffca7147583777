import { hoursToHighWater } from "@harbour/tides";
import Koa from "koa";

const app = new Koa();
app.use((context) => {
  context.body = `Tides by a workspace: high water in ${hoursToHighWater(0)} hours\n`;
});
app.listen(process.env.PORT ?? 3000);
