console.log('connecting to the database')
console.error('database does not answer, trying again')

// Alive, but never on a port: health has to run into its deadline.
setInterval(() => console.log('still trying'), 2000)
