import express from 'express'

const app = express()
const greeting = process.env.GREETING ?? 'Hello from Express'

app.get('/', (_, response) => response.type('text').send(`${greeting}\n`))
app.get('/healthz', (_, response) => response.json({ ok: true, node: process.version }))
// A slow answer, to watch a deployment drain.
app.get('/slow', (_, response) => setTimeout(() => response.send('done\n'), 2000))

const server = app.listen(process.env.PORT ?? 3000, () => console.log('listening on', server.address().port))

process.on('SIGTERM', () => {
  console.log('draining')
  server.close(() => process.exit(0))
})
