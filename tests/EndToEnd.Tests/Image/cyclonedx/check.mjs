// Reads an SBOM and says what CycloneDX's schema finds wrong with it, as JSON: null when nothing is.
//   node check.mjs FILE
import { readFileSync } from 'node:fs';
import { Validation } from '@cyclonedx/cyclonedx-library';

const bom = readFileSync(process.argv[2], 'utf8');
const fault = await new Validation.JsonStrictValidator(JSON.parse(bom).specVersion).validate(bom);
console.log(JSON.stringify(fault));
