package oversight

import (
	"strings"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
)

// Told is what an act is called on the report a person is given: few words, and
// none that tells what the record is about.
type Told string

// The ways of telling. The zero value is left out of the report.
const (
	NotTold Told = ""
	Looked  Told = "looked"
	Listed  Told = "listed"
	Wrote   Told = "wrote"
	Sent    Told = "sent"
	Passed  Told = "passed"
)

// Label is what stands on the report.
func (t Told) Label() string {
	switch t {
	case Looked:
		return "Looked at your record"
	case Listed:
		return "Saw your name in a list"
	case Wrote:
		return "Wrote in your record"
	case Sent:
		return "Sent something from your record to another service, or took it back"
	case Passed:
		return "Changed who works with you"
	case NotTold:
	}
	return ""
}

// phrase is an action in plain words: what it is to do it, what was done, and,
// where that is not to look at the page for it, what reading under it is.
type phrase struct {
	to, did, saw string
	told         Told
}

// phrases has every action that can stand in the ledger.
var phrases = map[policy.Action]phrase{
	"access.ask":       {to: "ask for emergency access", did: "asked for emergency access"},
	"access.configure": {to: "decide which roles read which part of a case", did: "changed which roles read which part of a case"},
	"access.review":    {to: "review an access or a conflict of interest", did: "reviewed an access or a conflict of interest", saw: "looked at an access or a conflict of interest to review"},

	"account.add_second_factor":    {to: "add a second factor", did: "added a second factor"},
	"account.disable":              {to: "suspend an account", did: "suspended an account"},
	"account.enable":               {to: "restore an account", did: "restored an account"},
	"account.end_session":          {to: "end a session", did: "ended a session"},
	"account.forget_identity":      {to: "withdraw a provider's word for somebody", did: "withdrew a provider's word for somebody"},
	"account.give_token":           {to: "give a program a token", did: "gave a program a token"},
	"account.keep_draft":           {to: "keep what was typed", did: "kept what was typed when a session ended"},
	"account.make_recovery_codes":  {to: "make recovery codes", did: "made recovery codes"},
	"account.many_names_tried":     {to: "sign in under many names", did: "tried many names"},
	"account.read_draft":           {to: "read what was kept of a form", did: "read what was kept of a form", saw: "read what was kept of a form"},
	"account.remove_second_factor": {to: "remove a second factor", did: "removed a second factor"},
	"account.reset_second_factor":  {to: "reset a second factor", did: "reset a second factor"},
	"account.revoke_token":         {to: "revoke a program's token", did: "revoked a program's token"},
	"account.second_factor":        {to: "give a second factor", did: "gave a second factor"},
	"account.set_password":         {to: "set a password", did: "set a password"},
	"account.vouch_identity":       {to: "take a provider's word for somebody", did: "let a provider's word stand for somebody"},

	"account.accept_invitation": {to: "accept an invitation", did: "accepted an invitation"},
	"account.create":            {to: "make an account", did: "made an account"},
	"account.invite":            {to: "invite a colleague", did: "invited a colleague"},
	"account.lock":              {to: "hide or show the screen", did: "hid or showed the screen"},
	"account.sign_in":           {to: "sign in", did: "signed in"},
	"account.sign_out":          {to: "sign out", did: "signed out"},
	"ask.accept":                {to: "accept what was asked on the public pages", did: "accepted what was asked on the public pages", told: Wrote},
	"research.list":             {to: "see the numbers of the cases that an agency is asked about for a MARAC", did: "saw the numbers of the cases that an agency is asked about for a MARAC", saw: "saw the numbers of the cases that an agency is asked about for a MARAC"},
	"research.look":             {to: "see who an agency is asked about for a MARAC, and look in its own files", did: "looked up who an agency is asked about for a MARAC", saw: "saw who an agency is asked about for a MARAC"},
	"research.answer":           {to: "write down what an agency knows for a MARAC", did: "wrote down what an agency knows for a MARAC", saw: "opened the form for what an agency knows for a MARAC", told: Wrote},
	"research.hand":             {to: "hand a case of a MARAC to a colleague to look up", did: "handed a case of a MARAC to a colleague to look up", saw: "opened the form that hands a case of a MARAC to a colleague", told: Wrote},
	"research.release":          {to: "send what an agency knows to a meeting of a MARAC", did: "sent what an agency knows to a meeting of a MARAC", saw: "looked at what would leave for a meeting of a MARAC", told: Wrote},
	"research.ask":              {to: "ask agencies about the cases of a MARAC", did: "asked agencies about cases of a MARAC", told: Wrote},
	"research.board":            {to: "see which agencies have answered a MARAC", did: "saw which agencies have answered a MARAC", saw: "saw which agencies have answered a MARAC"},
	"research.chase":            {to: "ask agencies again for a MARAC", did: "asked agencies again for a MARAC", told: Wrote},
	"research.read":             {to: "read what agencies returned to a MARAC", did: "read what agencies returned to a MARAC", saw: "read what agencies returned to a MARAC"},
	"research.print":            {to: "print what agencies returned to a MARAC", did: "opened what agencies returned to a MARAC to print it", saw: "opened what agencies returned to a MARAC to print it"},
	"research.review":           {to: "review what left for a MARAC against an agreement", did: "reviewed what left for a MARAC against an agreement", saw: "saw what left for a MARAC against an agreement", told: Wrote},
	"ask.chase":                 {to: "see to what nobody took of what was asked on the public pages", did: "saw to what nobody took of what was asked on the public pages", told: Wrote},
	"ask.configure":             {to: "decide what the public pages take", did: "decided what the public pages take", told: Wrote},
	"ask.decline":               {to: "decline what was asked on the public pages", did: "declined what was asked on the public pages", told: Wrote},
	"ask.forget":                {to: "remove what was asked on the public pages", did: "removed what was asked on the public pages, its time being over", told: Wrote},
	"ask.leave":                 {to: "ask on the public pages", did: "asked on the public pages", told: Wrote},
	"ask.list":                  {to: "list what was asked on the public pages", did: "listed what was asked on the public pages", saw: "saw it in a list of what was asked", told: Listed},
	"ask.move":                  {to: "move what was asked on the public pages", did: "moved what was asked on the public pages to another service", told: Wrote},
	"ask.read":                  {to: "read what was asked on the public pages", did: "read what was asked on the public pages", saw: "read what was asked on the public pages", told: Looked},
	"ask.take":                  {to: "take what was asked on the public pages", did: "took what was asked on the public pages", told: Looked},
	"session.cross_site":        {to: "send a form that came from another site", did: "sent a form that came from another site"},

	"agreement.list":    {to: "see which information-sharing agreements there are", did: "listed information-sharing agreements"},
	"agreement.explore": {to: "ask what may be shared", did: "asked what may be shared"},
	"agreement.monitor": {to: "see how agreements are used", did: "saw how agreements are used", saw: "saw how agreements are used"},
	"agreement.begin":   {to: "begin an information-sharing agreement", did: "began an information-sharing agreement"},
	"agreement.read":    {to: "read an information-sharing agreement", did: "read an information-sharing agreement"},
	"agreement.draft":   {to: "read the draft of an agreement", did: "read the draft of an agreement"},
	"agreement.write":   {to: "write an information-sharing agreement", did: "wrote an information-sharing agreement, or put it to its parties"},
	"agreement.sign":    {to: "sign an information-sharing agreement", did: "signed an information-sharing agreement, or withdrew from it"},

	"audit.export": {to: "export the ledger", did: "exported the ledger", saw: "exported the ledger"},
	"audit.head":   {to: "take a head of the ledger", did: "took a head of the ledger", saw: "took a head of the ledger"},
	"audit.prove":  {to: "prove an entry of the ledger", did: "proved an entry of the ledger", saw: "proved an entry of the ledger"},

	"attachment.add":          {to: "add a document to a case", did: "added a document to the case", told: Wrote},
	"attachment.view":         {to: "look at a document of a case", did: "looked at a document of the case", saw: "looked at a document of the case", told: Looked},
	"support.contact":         {to: "contact the person", did: "recorded contact with the person", saw: "looked at contacts with the person", told: Wrote},
	"support.plan":            {to: "plan support", did: "recorded needs, offers or a plan of support", saw: "looked at needs, offers and plans of support", told: Wrote},
	"support.outcome":         {to: "record outcomes", did: "recorded how the person says things are", saw: "looked at how the person says things are", told: Wrote},
	"appointment.book":        {to: "book an appointment", did: "booked, moved or ended an appointment", saw: "looked at appointments", told: Wrote},
	"appointment.allow":       {to: "let an appointment stand", did: "decided whether an appointment stands", told: Wrote},
	"group.list":              {to: "see the groups", did: "saw the groups of the agency", saw: "saw the groups of the agency"},
	"group.begin":             {to: "begin a group", did: "began a group", saw: "began a group"},
	"group.run":               {to: "run a group", did: "kept a group, or recorded who came", saw: "saw who is in a group", told: Listed},
	"group.register":          {to: "see the names in a group", did: "saw the names in a group", saw: "saw the names in a group", told: Listed},
	"group.offer":             {to: "offer a group", did: "recorded a group that was offered, joined or left", saw: "looked at the groups offered to the person", told: Wrote},
	"group.allow":             {to: "let a place in a group stand", did: "decided whether a place in a group stands", told: Wrote},
	"marac.set_up":            {to: "make an agency a MARAC", did: "made an agency a MARAC"},
	"marac.keep":              {to: "keep a MARAC", did: "kept the rules, members or calendar of a MARAC", saw: "saw how a MARAC is kept", told: Listed},
	"marac.refer":             {to: "refer somebody to MARAC", did: "referred the person to MARAC", saw: "prepared a referral to MARAC", told: Passed},
	"marac.take":              {to: "take a referral to the MARAC", did: "put a referral on the register of the MARAC", told: Wrote},
	"marac.screen":            {to: "screen a case of a MARAC", did: "screened or decided about the case at the MARAC", saw: "saw the case on the register of the MARAC", told: Wrote},
	"marac.register":          {to: "see the register of a MARAC", did: "saw the register of the MARAC", saw: "saw the register of the MARAC", told: Listed},
	"marac.name":              {to: "say who sits at a MARAC for the agency", did: "said who sits at a MARAC for the agency", saw: "saw who sits at a MARAC for the agency", told: Listed},
	"marac.list":              {to: "see the MARACs", did: "saw the MARACs", saw: "saw the MARACs"},
	"marac.attend":            {to: "see or answer a meeting of a MARAC", did: "answered whether they come to a meeting of a MARAC", saw: "saw when and where a meeting of a MARAC is", told: Listed},
	"marac.sit":               {to: "see the agenda of a MARAC", did: "accepted the statement of confidentiality of a MARAC", saw: "saw the agenda of a MARAC", told: Listed},
	"marac_action.own":        {to: "see the actions of the agency at a MARAC", did: "saw the actions of the agency at a MARAC", saw: "saw the actions of the agency at a MARAC", told: Listed},
	"marac_action.read":       {to: "see an action of a MARAC", did: "saw an action of a MARAC", saw: "saw an action of a MARAC", told: Listed},
	"marac_action.add":        {to: "take on an action at a MARAC", did: "took on an action at a MARAC", saw: "opened the form that takes on an action", told: Wrote},
	"marac_action.change":     {to: "change or ask after an action of a MARAC", did: "changed or asked after an action of a MARAC", saw: "opened the form that changes an action", told: Wrote},
	"marac_action.give":       {to: "give an action of a MARAC to a colleague", did: "gave an action of a MARAC to a colleague", saw: "opened the form that gives an action to a colleague", told: Wrote},
	"marac_action.answer":     {to: "say what became of an action of a MARAC", did: "said what became of an action of a MARAC", saw: "opened the form that says what became of an action", told: Wrote},
	"marac_action.board":      {to: "see all actions of a MARAC", did: "saw all actions of a MARAC", saw: "saw all actions of a MARAC", told: Listed},
	"marac_action.plan":       {to: "see what the person may be given of a plan", did: "saw what the person may be given of a plan", saw: "saw what the person may be given of a plan", told: Looked},
	"marac_action.take":       {to: "take over the register of a MARAC from before", did: "brought along, took or left a list of a MARAC from before", saw: "saw a list of a MARAC from before", told: Wrote},
	"marac.case":              {to: "open a case at a MARAC", did: "opened the case at a MARAC", saw: "opened the case at a MARAC", told: Looked},
	"marac_return.read":       {to: "see the national return of a MARAC", did: "saw the national return of a MARAC", saw: "saw the national return of a MARAC"},
	"marac_return.cases":      {to: "see which cases a count of a MARAC is made of", did: "saw which cases a count of a MARAC is made of", saw: "saw which cases a count of a MARAC is made of", told: Listed},
	"marac_return.finish":     {to: "make the national return of a MARAC final", did: "made the national return of a MARAC final", saw: "opened the form that makes a return final"},
	"marac_return.review":     {to: "record how a MARAC was reviewed", did: "recorded how a MARAC was reviewed", saw: "opened the form for a review of a MARAC"},
	"marac_return.steer":      {to: "see how a MARAC is doing", did: "saw how a MARAC is doing", saw: "saw how a MARAC is doing"},
	"marac.room":              {to: "see what the room of a MARAC sees", did: "saw what the room of a MARAC sees", saw: "saw what the room of a MARAC sees", told: Listed},
	"marac.run":               {to: "hold a meeting of a MARAC", did: "held a meeting of a MARAC", saw: "saw a meeting of a MARAC while it was held", told: Wrote},
	"marac.write":             {to: "write minutes of a MARAC", did: "wrote minutes of a MARAC", saw: "opened minutes of a MARAC that were being written", told: Wrote},
	"marac.minutes":           {to: "read minutes of a MARAC", did: "read minutes of a MARAC", saw: "read minutes of a MARAC", told: Listed},
	"marac.approve":           {to: "approve minutes of a MARAC", did: "approved minutes of a MARAC, or added to them", saw: "approved minutes of a MARAC, or added to them", told: Wrote},
	"marac.print":             {to: "print minutes of a MARAC", did: "printed minutes of a MARAC", saw: "printed minutes of a MARAC", told: Listed},
	"setting.read":            {to: "see how support is offered in the ten settings", did: "saw how support is offered in the ten settings", saw: "saw how support is offered in the ten settings"},
	"release.read":            {to: "see which anonymised figures left", did: "saw which anonymised figures left", saw: "saw which anonymised figures left"},
	"release.agree":           {to: "agree how anonymised figures are shared", did: "agreed how anonymised figures are shared", saw: "opened how anonymised figures are shared"},
	"release.make":            {to: "make anonymised figures", did: "made anonymised figures that leave", saw: "opened the form for anonymised figures"},
	"setting.keep":            {to: "keep how support is offered in a setting", did: "changed how support is offered in a setting", saw: "opened how support is offered in a setting"},
	"place.keep":              {to: "keep the places of the agency", did: "changed the places of the agency", saw: "looked at the places of the agency"},
	"calendar.share":          {to: "open their calendar to another program", did: "opened or closed an address of their calendar", saw: "looked at whether their calendar is open"},
	"calendar.read":           {to: "read a calendar by its address", did: "read a calendar by its address", saw: "read a calendar by its address"},
	"case.close":              {to: "close a case", did: "closed the case", told: Wrote},
	"case.reopen":             {to: "open a closed case again", did: "opened the closed case again", told: Wrote},
	"waiting.keep":            {to: "record what somebody waits for", did: "recorded what the person waits for, or could not have", saw: "looked at what the person waits for", told: Wrote},
	"circumstance.keep":       {to: "record circumstances that bear on risk", did: "recorded circumstances that bear on risk, or advice that was pointed to", saw: "looked at circumstances that bear on risk", told: Wrote},
	"circumstance.read_close": {to: "read what is kept close in a case", did: "read what is kept close in the case", saw: "read what is kept close in the case", told: Looked},
	"circumstance.judge":      {to: "judge who does what to whom", did: "judged who does what to whom", told: Wrote},
	"circumstance.judge_now":  {to: "judge at once who does what to whom", did: "judged at once who does what to whom, to be reviewed", saw: "began to judge who does what to whom", told: Wrote},
	"circumstance.second":     {to: "give a second opinion on who does what to whom", did: "gave a second opinion on who does what to whom, or decided on it", saw: "began to write a second opinion", told: Wrote},
	"letter.download":         {to: "take a letter away as a document", did: "took a letter away as a document", told: Wrote},
	"letter.word":             {to: "word the letters of the agency", did: "worded a text for letters", saw: "looked at the texts for letters"},
	"letter.approve":          {to: "decide about the texts for letters", did: "decided about a text for letters"},
	"court.keep":              {to: "record hearings and orders", did: "recorded a hearing or an order", saw: "looked at hearings and orders", told: Wrote},

	"pathway.answer":  {to: "say where a step of a pathway stands", did: "said where a step of a pathway stands", saw: "looked at a step of a pathway", told: Wrote},
	"pathway.read":    {to: "read the local pathways", did: "read the local pathways", saw: "read the local pathways"},
	"pathway.publish": {to: "publish a local pathway", did: "drafted, published or withdrew a local pathway", saw: "worked on a local pathway"},

	"case.begin":       {to: "open a new case", did: "opened a new case", told: Wrote},
	"case.deliver":     {to: "receive something into a case", did: "received something into the case", told: Wrote},
	"case.emergency":   {to: "take emergency access to a case", did: "took emergency access to the case", told: Looked},
	"case.grant":       {to: "open a part of a case to a named worker", did: "opened or closed a part of the case for a named worker", told: Passed},
	"case.hand_over":   {to: "hand a case over", did: "handed the case over", told: Passed},
	"case.know":        {to: "know that a case is restricted", did: "learnt that the case is restricted", saw: "saw that a case is restricted"},
	"case.lift":        {to: "lift the restriction of a case", did: "lifted the restriction of the case", told: Passed},
	"case.find":        {to: "look for a case or a person", did: "looked for a case or a person", saw: "found it when looking for a case or a person", told: Listed},
	"case.list":        {to: "list cases", did: "listed cases", saw: "saw it in a list of cases", told: Listed},
	"case.open":        {to: "open a case", did: "opened the case", saw: "opened the case", told: Looked},
	"case.request":     {to: "record or settle a request made in the person's name", did: "recorded or settled a request made in the person's name", told: Wrote},
	"case.restrict":    {to: "restrict a case to named workers", did: "restricted the case to named workers", told: Passed},
	"case.supervise":   {to: "see which acts wait for review", did: "saw which acts wait for review", saw: "saw which acts wait for review", told: Listed},
	"case.work":        {to: "work on a case", did: "wrote in the case", saw: "opened a page to work on the case", told: Wrote},
	"conflict.declare": {to: "declare a tie to somebody", did: "declared a tie to somebody", saw: "looked at the ties they declared"},
	"conflict.found":   {to: "find a conflict of interest", did: "did what brought a conflict of interest to light"},

	"compartment.child_words": {to: "read a child's own words", did: "read a child's own words", saw: "read a child's own words", told: Looked},
	"compartment.entitlement": {to: "read what is known of immigration and entitlement", did: "read what is known of immigration and entitlement", saw: "read what is known of immigration and entitlement", told: Looked},
	"compartment.supervision": {to: "read what supervision brought up", did: "read what supervision brought up", saw: "read what supervision brought up", told: Looked},
	"compartment.whereabouts": {to: "read where and how the person can be reached", did: "read where and how the person can be reached", saw: "read where and how the person can be reached", told: Looked},
	"compartment.write":       {to: "write in a closed part of a case", did: "wrote in a closed part of the case", told: Wrote},

	"supervision.lead":  {to: "supervise the work of a colleague", did: "recorded how they supervise a colleague", saw: "looked at the caseload of a colleague", told: Listed},
	"supervision.read":  {to: "see what supervision of a case agreed", did: "saw what supervision of the case agreed", saw: "saw what supervision of the case agreed", told: Looked},
	"supervision.write": {to: "supervise a case", did: "wrote down supervision of the case, or signed it off", saw: "began to write down supervision of the case", told: Wrote},
	"supervision.do":    {to: "record what came of supervision", did: "recorded what came of supervision", saw: "looked at what was agreed in supervision", told: Wrote},

	"deployment.backup":  {to: "make a backup", did: "made a backup"},
	"deployment.restore": {to: "restore a backup", did: "restored a backup"},
	"desk.use":           {to: "use their first page and inbox", did: "used their first page or inbox", saw: "saw it on their first page or in an inbox", told: Listed},

	"directory.add_agency":          {to: "add an agency", did: "added an agency"},
	"directory.add_member":          {to: "add a colleague", did: "added a colleague"},
	"directory.add_team":            {to: "add a team", did: "added a team"},
	"directory.change_roles":        {to: "change a colleague's roles", did: "changed a colleague's roles"},
	"directory.change_team":         {to: "change a team", did: "changed a team"},
	"directory.change_teams":        {to: "change a colleague's teams", did: "changed a colleague's teams"},
	"directory.end_membership":      {to: "end a colleague's access", did: "ended a colleague's access"},
	"directory.give_token":          {to: "give a program a token", did: "gave a program a token"},
	"directory.reset_second_factor": {to: "reset a colleague's second factor", did: "reset a colleague's second factor"},
	"directory.suspend":             {to: "suspend or restore a colleague", did: "suspended or restored a colleague"},
	"directory.vouch_identity":      {to: "vouch for a colleague's sign-in elsewhere", did: "vouched for a colleague's sign-in elsewhere"},
	"directory.forget_identity":     {to: "take back a colleague's sign-in elsewhere", did: "took back a colleague's sign-in elsewhere"},
	"directory.list_identities":     {to: "see who signs in elsewhere", did: "saw who signs in elsewhere", saw: "saw who signs in elsewhere"},
	"directory.list_colleagues":     {to: "list colleagues", did: "listed colleagues", saw: "listed colleagues"},
	"directory.list_members":        {to: "list those who work at the agency", did: "listed those who work at the agency", saw: "listed those who work at the agency"},
	"directory.read":                {to: "read the directory", did: "read the directory", saw: "read the directory"},
	"directory.set_up":              {to: "set up the first agency", did: "set up the first agency"},

	"enquiry.correct":  {to: "correct what was recorded of asking", did: "corrected what was recorded of asking", told: Wrote},
	"enquiry.record":   {to: "record asking and what was said", did: "recorded asking and what was said", told: Wrote},
	"questions.add":    {to: "add a question set", did: "added a question set"},
	"guideline.import": {to: "import the guideline", did: "imported the guideline"},

	"keyring.destroy_agency": {to: "destroy an agency's key", did: "destroyed an agency's key"},
	"keyring.renew":          {to: "renew the keys", did: "renewed the keys"},
	"keyring.renew_agency":   {to: "renew an agency's key", did: "renewed an agency's key"},
	"measures.read":          {to: "read figures", did: "read figures", saw: "read figures"},
	"measures.read_exact":    {to: "read exact figures", did: "read exact figures", saw: "read exact figures"},

	ActConfigure: {to: "decide what counts as unusual reading", did: "changed what counts as unusual reading"},
	ActFound:     {to: "propose unusual reading to look at", did: "proposed unusual reading to look at"},
	ActLook:      {to: "look at the oversight of the agency", did: "looked at the oversight of the agency", saw: "looked at the oversight of the agency"},
	ActPrint:     {to: "print the person's own report", did: "printed the person's own report"},
	ActReport:    {to: "make the person's own report", did: "asked how the person's own report may be given", saw: "looked at the person's own report"},
	ActSettle:    {to: "settle unusual reading", did: "settled unusual reading", saw: "looked at unusual reading"},
	ActTrail:     {to: "see who opened a case", did: "saw who opened the case", saw: "looked at who opened the case"},
	ActWorker:    {to: "see what a colleague saw", did: "saw what a colleague saw", saw: "looked at what a colleague saw"},

	"person.destroyed": {to: "destroy a person's details", did: "destroyed the person's details", told: Wrote},
	"rights.access":    {to: "prepare a copy for the person", did: "worked on a copy for the person", saw: "looked at a copy for the person", told: Looked},
	"rights.correct":   {to: "ask for a correction", did: "asked for a correction or settled one", saw: "looked at a correction", told: Wrote},
	"rights.destroy":   {to: "destroy a case whose time has passed", did: "destroyed the case, whose time had passed", told: Wrote},
	"rights.erase":     {to: "erase something", did: "erased something", told: Wrote},
	"rights.hold":      {to: "keep a case from being destroyed", did: "kept the case from being destroyed", told: Wrote},
	"rights.lift":      {to: "lift what keeps a case from being destroyed", did: "lifted what kept the case from being destroyed", told: Wrote},
	"rights.register":  {to: "see how long records are kept", did: "saw how long records are kept", saw: "saw it in the list of records to review", told: Listed},
	"rights.release":   {to: "release a copy for the person", did: "released a copy for the person", saw: "checked a copy for the person", told: Looked},
	"rights.review":    {to: "review a case before it is destroyed", did: "reviewed the case before it is destroyed", saw: "reviewed the case before it is destroyed", told: Looked},
	"rights.schedule":  {to: "decide how long records are kept", did: "changed how long records are kept"},

	"person.add":          {to: "add a person", did: "added a person", told: Wrote},
	"person.change":       {to: "change a person's details", did: "changed the person's details", told: Wrote},
	"person.code_word":    {to: "read the code word", did: "read the code word", told: Looked},
	"person.contact":      {to: "record safe contact", did: "recorded safe contact", told: Wrote},
	"person.home_asked":   {to: "ask for an address to be released", did: "asked for an address to be released", told: Wrote},
	"person.home_retired": {to: "take an address out of use", did: "took an address out of use", told: Wrote},
	"person.home_settled": {to: "settle whether an address is released", did: "settled whether an address is released", told: Wrote},
	"person.home":         {to: "record where a person lives", did: "recorded where the person lives", told: Wrote},

	"interchange.carry":     {to: "take messages to other systems", did: "took messages to other systems", told: Passed},
	"interchange.configure": {to: "decide how a team is reached by other systems", did: "decided how a team is reached by other systems"},
	"interchange.deliver":   {to: "bring a referral by message", did: "brought a referral by message", told: Passed},
	"interchange.follow":    {to: "follow where referrals stand", did: "asked where a referral stands", saw: "saw where a referral stands", told: Listed},
	"interchange.oversee":   {to: "see what leaves for other systems", did: "saw what leaves for other systems"},
	"webhook.carry":         {to: "tell programs that something happened", did: "told a program that something happened"},
	"webhook.oversee":       {to: "look after what programs are told", did: "looked after what programs are told"},
	"webhook.subscribe":     {to: "say where a program is told", did: "said where a program is told"},
	"pathway.coverage":      {to: "see whom the services do not reach", did: "saw whom the services do not reach"},
	"service.keep":          {to: "keep the list of services", did: "changed the list of services"},
	"service.read":          {to: "read the list of services", did: "read the list of services"},

	"referral.accept":      {to: "accept a referral", did: "accepted a referral", told: Passed},
	"referral.acknowledge": {to: "acknowledge a referral", did: "acknowledged a referral", told: Looked},
	"referral.decline":     {to: "decline a referral", did: "declined a referral", told: Wrote},
	"referral.feedback":    {to: "give feedback to the referrer", did: "gave feedback to the referrer", told: Sent},
	"referral.offer":       {to: "offer a referral", did: "recorded an offer of referral", told: Wrote},
	"referral.send":        {to: "send a referral", did: "sent a referral", told: Sent},
	"referral.withdraw":    {to: "withdraw a referral", did: "withdrew a referral", told: Sent},
	"risk.begin":           {to: "begin to answer questions on risk", did: "saved answers on risk that are not recorded yet", saw: "looked at answers on risk that are not recorded yet", told: Wrote},
	"risk.configure":       {to: "set which rule of repeats applies", did: "set which rule of repeats applies"},
	"support.configure":    {to: "set what is local about support", did: "set what is local about support"},
	"risk.identify":        {to: "identify risk", did: "identified risk", told: Wrote},
	"risk.identify_now":    {to: "identify risk", did: "identified risk at once, to be reviewed", told: Wrote},
	"outage.make":          {to: "make a sealed pack of the cases they hold", did: "put the case into a sealed pack for when Waymark cannot be reached", told: Looked},

	"letter.read":       {to: "look at the letters of a case", did: "looked at letters of the case", saw: "looked at letters of the case", told: Looked},
	"letter.write":      {to: "write a letter", did: "wrote a letter, or recorded what became of it", told: Wrote},
	"letter.print":      {to: "print a letter", did: "printed a letter, or copied it", told: Wrote},
	"plan.make":         {to: "make a safety plan", did: "made or looked over a safety plan", told: Wrote},
	"plan.make_now":     {to: "make a safety plan", did: "made or looked over a safety plan at once, to be reviewed", told: Wrote},
	"plan.print_card":   {to: "print a card for the person", did: "made a card for the person, or handed it over", told: Wrote},
	"plan.print_page":   {to: "print a page for the person", did: "made a page for the person, or handed it over", told: Wrote},
	"plan.read":         {to: "read a safety plan", did: "read a safety plan", saw: "read a safety plan", told: Looked},
	"plan.read_out":     {to: "read a plan out to the person", did: "read a plan out to the person", told: Wrote},
	"plan.work":         {to: "work with a safety plan", did: "worked with a safety plan", told: Wrote},
	"session.take_role": {to: "take a role of the demo", did: "took a role of the demo"},
	"session.own":       {to: "use their own session", did: "used their own session", saw: "used their own session"},

	"share.acknowledge": {to: "acknowledge what another agency sent", did: "acknowledged what another agency sent", told: Looked},
	"share.list":        {to: "list what other agencies sent", did: "listed what other agencies sent", saw: "saw it in a list of what was sent", told: Listed},
	"share.review":      {to: "look at what left against an agreement or without one", did: "reviewed what left against an agreement", saw: "looked at what left against an agreement", told: Wrote},
	"share.receive":     {to: "read what another agency sent", did: "read what another agency sent", saw: "read what another agency sent", told: Looked},
	"share.send":        {to: "send something to another agency", did: "sent something to another agency", told: Sent},
	"share.settle":      {to: "settle what another agency sent", did: "settled what another agency sent", told: Wrote},
	"share.take_in":     {to: "take what another agency sent into a case", did: "took what another agency sent into the case", told: Wrote},
	"share.advise":      {to: "answer what a colleague asks before sharing", did: "answered what a colleague asked before sharing", saw: "read what a colleague asked before sharing", told: Wrote},
	"share.ask":         {to: "ask the key contact before sharing", did: "asked the key contact before sharing", told: Wrote},
	"share.chase":       {to: "see to what nobody has acknowledged", did: "saw to what nobody had acknowledged", saw: "saw that nobody had acknowledged what was sent", told: Wrote},
	"share.follow":      {to: "see which of their urgent shares nobody has acknowledged", did: "saw which of their urgent shares nobody had acknowledged", saw: "saw that nobody had acknowledged what they sent", told: Listed},
	"share.configure":   {to: "set when people are asked about what nobody acknowledges", did: "set when people are asked about what nobody acknowledges"},
	"share.justify":     {to: "justify what was sent at once", did: "justified what was sent at once", told: Wrote},
	"share.print":       {to: "print what another agency sent", did: "opened what another agency sent, to print it", saw: "opened what another agency sent, to print it", told: Looked},
	"share.withdraw":    {to: "withdraw something that was sent", did: "withdrew something that was sent", told: Sent},

	"support.answer": {to: "answer a colleague who asked for support", did: "answered a colleague who asked for support"},
	"support.read":   {to: "read what a colleague wrote about themselves", did: "read what a colleague wrote about themselves", saw: "read what a colleague wrote about themselves"},
	"support.use":    {to: "ask for support for themselves", did: "asked for support for themselves", saw: "looked at the support they asked for"},

	"training.decide":      {to: "decide what other training counts as", did: "decided what other training counts as"},
	"training.equivalents": {to: "read what other training counts as", did: "read what other training counts as", saw: "read what other training counts as"},
	"training.read":        {to: "read training records", did: "read training records", saw: "read training records"},
	"training.record":      {to: "record training", did: "recorded training"},
	"training.withdraw":    {to: "withdraw a training record", did: "withdrew a training record"},
}

// Has tells whether there are words for an action.
func Has(a policy.Action) bool { _, ok := phrases[a]; return ok }

// Say is what an entry says somebody did, in plain words.
func Say(e audit.Entry) string {
	p, ok := phrases[e.Action]
	if !ok {
		// Written by a newer release; its code is better than silence.
		p = phrase{to: string(e.Action), did: string(e.Action)}
	}
	switch {
	case e.Outcome == audit.Refused:
		return "Was refused to " + p.to
	case e.Outcome == audit.Done:
		return sentence(p.did)
	case p.saw != "":
		return sentence(p.saw)
	}
	return "Opened a page to " + p.to
}

func sentence(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// tell is what an entry is called on the report: to open a page for writing is
// to look.
func tell(e audit.Entry) Told {
	t := phrases[e.Action].told
	switch {
	case e.Outcome == audit.Refused:
		return NotTold
	case e.Outcome == audit.Allowed && t != NotTold && t != Listed:
		return Looked
	}
	return t
}

// Involvement is how somebody stood to a file when they opened it.
type Involvement string

// The ways. The zero value is not known from the entry.
const (
	NotKnown    Involvement = ""
	Involved    Involvement = "involved"
	Supervision Involvement = "supervision"
	InEmergency Involvement = "emergency"
)

// Label is the involvement in words for people.
func (i Involvement) Label() string {
	switch i {
	case Involved:
		return "Yes"
	case Supervision:
		return "No: as service manager"
	case InEmergency:
		return "No: emergency access"
	case NotKnown:
	}
	return "Not said"
}

// The rules by which package cases opens a file.
var openings = []struct {
	rule string
	way  Involvement
}{{"case-involved", Involved}, {"case-emergency-access", InEmergency}, {"case-manager", Supervision}}

// involvementOf reads from an entry by which rule a file was opened.
func involvementOf(e audit.Entry) Involvement {
	if e.Outcome != audit.Allowed {
		return NotKnown
	}
	by := strings.Fields(e.Reason)
	for _, o := range openings {
		for _, r := range by {
			if r == o.rule {
				return o.way
			}
		}
	}
	return NotKnown
}

// PurposeLabel is a purpose in words for people.
func PurposeLabel(code string) string {
	switch cases.Purpose(code) {
	case cases.Care:
		return "Working with the person"
	case cases.Supervision:
		return "Looking after the work"
	case cases.Sharing:
		return "Preparing or receiving a share"
	case cases.Emergency:
		return "Emergency"
	case cases.Review:
		return "Reviewing access"
	}
	return ""
}
