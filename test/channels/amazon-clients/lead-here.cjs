// Loaded before a client's own code (`node --require`): the names stay Amazon's, and so does the check of the certificate
// against them. Only the address that a secure connection goes to is another.
const { Agent } = require("node:https");

const { createConnection } = Agent.prototype;
Agent.prototype.createConnection = function leadHere(options, done) {
  const servername = options.servername || options.host;
  const port = Number(process.env.SIMULATOR_PORT);
  return createConnection.call(this, { ...options, host: "127.0.0.1", port, servername }, done);
};
