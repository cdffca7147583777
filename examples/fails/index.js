require('node:http')
  .createServer((_, response) => response.end('never reached\n'))
  .listen(process.env.PORT ?? 3000)
