// Checks tokens as any relying party would. In: one line of JSON; out: for each token what jose says of it.
import { createInterface } from 'node:readline/promises'
import { createRemoteJWKSet, jwtVerify } from 'jose'

const input = createInterface({ input: process.stdin })
const { issuer, audience, now, tokens } = JSON.parse((await input[Symbol.asyncIterator]().next()).value)
input.close()
const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`), { cooldownDuration: 3600_000 })
const results = []
for (const token of tokens) {
  try {
    const { payload } = await jwtVerify(token, keys, { issuer, audience, algorithms: ['ES256'], requiredClaims: ['exp'], currentDate: new Date(now * 1000) })
    results.push({ ok: true, profile: payload.eat_profile })
  } catch (e) {
    results.push({ ok: false, code: e.code ?? `${e}` })
  }
}

process.stdout.write(JSON.stringify(results))
