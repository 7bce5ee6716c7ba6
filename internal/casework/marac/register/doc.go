// Package register takes what is referred to a MARAC onto its register: what is sent
// with a referral, screening, whether it is a repeat, and onto which list it goes.
package register
