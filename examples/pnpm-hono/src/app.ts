import { Hono } from 'hono'

const buoys = new Map([
  ['north', { light: 'green', period: 4 }],
  ['south', { light: 'red', period: 6 }],
])

export const app = new Hono()
  .get('/', (c) => c.text('Buoys by Hono\n'))
  .get('/buoys', (c) => c.json([...buoys.keys()]))
  .get('/buoys/:name', (c) => {
    const buoy = buoys.get(c.req.param('name'))
    return buoy ? c.json(buoy) : c.json({ error: 'no such buoy' }, 404)
  })
