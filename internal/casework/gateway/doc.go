// Package gateway is what programs of agencies ask as JSON, and the description of
// that as OpenAPI 3.1.
//
// # Words
//
//   - A [Referral] is where a referral stands, for the programs of its two sides. It
//     says what a FHIR Task of interchange says, and when the receiver told how far it
//     has come.
//   - The [Description] is openapi.json. Tests hold it and what is answered together.
//
// # Rules
//
//   - Nothing about anybody is answered: no name, no identity, and no words of a share.
//   - A program asks under the rules that hold for interchange, measures, local
//     pathways, services and webhooks. What it may not see is not there.
//   - Figures are given for months, quarters and years that are over, with small
//     counts suppressed: whoever could ask for any day could find a person in them.
//
// Obligations: B6.31.
package gateway
