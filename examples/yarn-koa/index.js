const { Router } = require('@koa/router')
const Koa = require('koa')

const router = new Router()
  .get('/', (context) => { context.body = 'Lighthouse by Koa\n' })
  .get('/beam/:degrees', (context) => { context.body = { degrees: Number(context.params.degrees) % 360 } })

const server = new Koa()
  .use(router.routes())
  .use(router.allowedMethods())
  .listen(process.env.PORT ?? 3000, () => console.log('listening on', server.address().port))

process.on('SIGTERM', () => server.close(() => process.exit(0)))
