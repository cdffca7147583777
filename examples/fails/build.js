const ms = require('ms')

console.log('compiling 3 pages')
console.log(`compiled / in ${ms(40)}`)
console.error('error: /about imports ./missing, which does not exist')
process.exit(3)
