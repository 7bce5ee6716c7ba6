// Package directory keeps who works together: agencies, their teams and their
// members.
//
// # Words
//
//   - An [Agency] is an organisation that is the controller of its own files.
//     Its [Sector] is where it stands in local life (B2.7).
//   - A [Team] is a part of an agency. One that takes referrals has an inbox to
//     which other agencies may send.
//   - A [Member] is an account at work in an agency, with its roles and teams.
//     A membership begins and ends; an account has one at a time.
//   - [AtWork] tells auth, at the start of every request, what an account does
//     at work.
//
// # Rules
//
//   - Agencies and teams are open to everyone who is signed in. Members are not:
//     people see the names of those at their own agency, administrators and
//     managers see roles and teams there, and of another agency's people nobody
//     sees anything here.
//   - Agencies are made by the operator, and once by the link of the first
//     administrator ([Register.SetUpFirst]). Administrators manage the teams and
//     members of their own agency only.
//   - A new agency gets its data key in the same transaction. A new user gets
//     account, membership, teams, training level and invitation in one.
//   - Every change and every refusal is in the ledger, and so is every look at
//     members with their roles. That somebody saw the open directory or the
//     names of colleagues is not.
//   - Who leaves is out at once: the account is closed until an agency vouches
//     for it again. What must be handed over is asked of each [Holder], and
//     names nobody.
//   - A program gets a token for actions that the rules permit to programs.
//   - A membership that ended stays, so that what somebody wrote keeps a name.
//   - The names of people are read from auth's accounts and kept nowhere else.
//
// Obligations: B2.7.
package directory
