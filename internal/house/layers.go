package house

// layers is the table of allowed imports. It is policy and not derived from the code: change it in
// a commit of its own, with the reason, and the design document in the same commit.
//
// A line is a package, a colon, what it may import, and its duty after two slashes. The duty is
// required. What it may import are packages of this table; the name of a floor below, which stands
// for every capability on it except the web frame; content/… for data that ships; and net/http,
// which belongs to the frame and to named outbound clients alone. Own children come without saying:
//
//	<name>web   pages: may read their own floor and those below, the frame and the components;
//	            nobody imports them but the command and the browser tests
//	<name>db    code that sqlc wrote: for the package itself alone
//	<name>test  support for tests: for tests alone
//
// Any other child has a line of its own. A line for a package that is not there is an error.
const layers = `
[platform]
paper:                              // a tagged PDF of a page, through a Chromium of the machine
store:                              // SQLite or PostgreSQL: Tx with Now, ids, migrations
policy: store                       // actor, action, facts, Cedar policies; Decide for one, Scope for many
audit: policy store                 // append-only, verifiable ledger of reads, writes and refusals
backup: audit policy store          // a whole deployment in one encrypted file, and back
keyring: audit policy store         // renewing and destroying the keys of a deployment
auth: audit policy store            // accounts, sign-in, second factor, sessions
auth/provider: auth store net/http // a provider of identities: the outbound client
web: auth audit policy store web/ui net/http // route table, rendering, errors
web/fields: forms web web/ui        // plain forms of a page: questions, what was typed, errors beside it
web/steps: forms web/ui              // a form that is asked for step by step, with a check before it is sent
web/ui:                             // components as GOV.UK and MoJ name them, style sheets, scripts
fhirpath:                           // expressions over FHIR documents, as question sets use them: parse, evaluate
forms: fhirpath                     // question sets: parse, validate, render, answer, score, compare
forms/formsweb: forms web/ui        // question sets as fields of a page
measures: audit policy store        // indicators: declare, count, suppress, publish

[registers]
guideline: guideline/official guideline/wording platform content/guideline // our own pathway, obligations, imported editions, search
guideline/official: guideline/wording // the published documents: read with their faults, linked, warned about, compared
guideline/wording:                  // texts in a plain form, so that words can be compared
directory: platform                 // agencies, teams, services, places, coverage; open data
people: directory platform          // identity, relationships, households, safe contact, matching
people/linkage:                     // which records may be about one person: weights, keys to compare by; decides nothing
provision: platform                 // services of the area: what each does, for whom, from where
release: platform                   // figures in which nobody is named: what was agreed, and what left
settings: platform                  // how support is offered where people may be identified
questions: platform content/questions // question sets of the deployment: load, keep, never change once answered
agreements: directory platform      // information-sharing agreements as rules: permit, deny or review
training: directory platform        // levels, roles, courses, completions, competence

[casework]
cases: registers platform           // the case file: people, involvement, chronology, tasks, restriction
enquiry: cases registers platform   // asking, disclosure, first response, immediate safety
sharing: cases registers platform  // decisions to share, packets, acknowledgement, monitoring
repeats:                             // what a repeat at MARAC is: the published rules, and the twelve months
risk: cases repeats registers platform content/questions // risk identification and assessment, judgement, review clocks
safetyplan: cases registers platform content/questions // safety plans made with the person: versions, steps, changes, copies
oversight: cases registers platform // the key contact's and the person's view of who read a file
referral: cases sharing registers platform // offer, send, acknowledge, accept or decline, feed back
intake: cases registers sharing platform // what people ask for on the public pages: inbox, accept or decline
interchange: cases referral sharing registers platform // referrals to and from other systems as messages; nobody knows of it but the command
interchange/carrier: interchange net/http // messages to other systems: the outbound client
webhooks: cases interchange sharing registers platform // telling programs that something happened to a referral, and not what
webhooks/courier: webhooks interchange/carrier net/http // what programs are told: the outbound client
gateway: interchange referral sharing registers platform // what programs ask as JSON, and its description
attachments: cases registers platform // documents and pictures on a file
outage: cases registers platform    // the sealed pack for when Waymark cannot be reached
appointments: cases registers platform // appointments, places, and who must not meet whom
groups: appointments cases registers platform // groups that people are offered and join: sessions, registers, who must not meet there
support: cases registers platform   // advocacy: contacts and their gate, needs, goals, offers, plans, outcomes
letters: cases registers platform content/letters // letters and messages to the person, asked of the gate of contact before they leave
supervision: cases registers platform // who supervises whose work, what was said and agreed about a case, sign-off
waiting: cases registers platform   // what people wait for, contact meanwhile, what they could not have
circumstances: cases registers platform // what else bears on risk and support: context, advice, consent and capacity, who does what to whom
court: cases registers platform     // hearings and orders: reminders, what came of them
pathway: cases registers platform   // local pathways: what is due on a case, why, and by when
marac: cases repeats registers platform   // multi-agency risk assessment conferences: rules, seats, calendar, register
marac/register: marac cases repeats sharing registers platform // what is referred to a MARAC: sent, screened, listed, found to be a repeat
marac/returns: marac cases registers platform // the national return of a MARAC, and how it is doing in a year
marac/meeting: marac cases registers platform // a meeting while it is held: who is here, case by case, and its minutes
marac/research: marac cases sharing registers platform content/questions // what each agency is asked about a case, finds, and returns to the meeting
marac/actions: marac cases registers platform // what agencies took on at a MARAC, what became of it, and what was kept before
rights: cases registers platform    // copies for the person, corrections, retention, holds, destruction

[internal]
demo: platform registers casework planning // the fictional partnership, built through the domain methods
house:                              // the rules of the house, as tests
`

// components are the listed packages that every page package may import.
var components = []string{"web/ui", "web/fields", "web/steps", "forms/formsweb"}

// floors from the ground up; internal itself is on top.
var floors = []string{"platform", "registers", "casework", "planning", "internal"}

// techniques are names that say how and not what. A package so named does not get in.
var techniques = []string{
	"base", "common", "core", "database", "dto", "entities", "helpers", "interfaces", "lib", "managers",
	"misc", "models", "repository", "services", "shared", "types", "util", "utils",
}
