// Runs the example of docs/results.md, which the test writes beside this file.
import { checkResult } from './document.mjs'

const [token, issuer, audience, nonce] = process.argv.slice(2)
try {
  process.stdout.write(JSON.stringify(await checkResult(token, { issuer, audience, nonce: Buffer.from(nonce, 'hex') })))
} catch (e) {
  process.stdout.write(JSON.stringify({ error: e.message, code: e.code }))
}
