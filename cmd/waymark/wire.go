package main

import (
	"context"
	"errors"
	"time"
	_ "time/tzdata" // the binary brings the zones along

	circumstancescontent "waymark/content/circumstances"
	courtcontent "waymark/content/court"
	measurescontent "waymark/content/measures"
	pathwayscontent "waymark/content/pathways"
	"waymark/internal/casework/appointments"
	"waymark/internal/casework/attachments"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/circumstances"
	"waymark/internal/casework/court"
	"waymark/internal/casework/enquiry"
	"waymark/internal/casework/gateway"
	"waymark/internal/casework/groups"
	"waymark/internal/casework/intake"
	"waymark/internal/casework/interchange"
	"waymark/internal/casework/letters"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/actions"
	"waymark/internal/casework/marac/meeting"
	"waymark/internal/casework/marac/register"
	"waymark/internal/casework/marac/research"
	"waymark/internal/casework/marac/returns"
	"waymark/internal/casework/outage"
	"waymark/internal/casework/oversight"
	"waymark/internal/casework/pathway"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/rights"
	"waymark/internal/casework/risk"
	"waymark/internal/casework/safetyplan"
	"waymark/internal/casework/sharing"
	"waymark/internal/casework/supervision"
	"waymark/internal/casework/support"
	"waymark/internal/casework/waiting"
	"waymark/internal/casework/webhooks"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/backup"
	"waymark/internal/platform/keyring"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/guideline"
	"waymark/internal/registers/people"
	"waymark/internal/registers/provision"
	"waymark/internal/registers/questions"
	"waymark/internal/registers/release"
	"waymark/internal/registers/settings"
	"waymark/internal/registers/training"
)

// waymark is one opened deployment with everything that works on it.
type waymark struct {
	db        *store.DB
	guard     *audit.Guard
	keyring   *keyring.Keyring
	auth      *auth.Service
	directory *directory.Register
	training  *training.Register
	agreed    *agreements.Register
	guideline *guideline.Service
	questions *questions.Register
	registry  *measures.Registry
	counter   *measures.Counter
	people    *people.Store
	cases     *cases.Service
	enquiry   *enquiry.Service
	risk      *risk.Service
	plans     *safetyplan.Service
	sharing   *sharing.Service
	referral  *referral.Service
	intake    *intake.Service
	oversight *oversight.Service
	documents *attachments.Service
	rights    *rights.Service
	support   *support.Service
	outage    *outage.Service
	letters   *letters.Service
	waiting   *waiting.Register
	court     *court.Service
	lead      *supervision.Service

	settings      *settings.Register
	release       *release.Register
	provision     *provision.Register
	appointments  *appointments.Service
	pathways      *pathway.Service
	groups        *groups.Service
	marac         *marac.Service
	returns       *returns.Service
	research      *research.Service
	register      *register.Service
	maracActions  *actions.Service
	meetings      *meeting.Service
	circumstances *circumstances.Service
	interchange   *interchange.Service
	webhooks      *webhooks.Service
	gateway       *gateway.Service
}

// sources are the rules of every capability.
func sources() []policy.Source {
	return []policy.Source{
		audit.Rules(), auth.Rules(), directory.Rules(), training.Rules(), agreements.Rules(), guideline.Rules(), questions.Rules(), measures.Rules(), backup.Rules(), keyring.Rules(),
		cases.Rules(), enquiry.Rules(), risk.Rules(), safetyplan.Rules(), sharing.Rules(), referral.Rules(), intake.Rules(), oversight.Rules(), attachments.Rules(), rights.Rules(), support.Rules(), outage.Rules(), letters.Rules(),
		appointments.Rules(), groups.Rules(), settings.Rules(), release.Rules(), provision.Rules(),
		waiting.Rules(), court.Rules(), supervision.Rules(), pathway.Rules(), circumstances.Rules(), interchange.Rules(), webhooks.Rules(),
		marac.Rules(), returns.Rules(), research.Rules(), register.Rules(), actions.Rules(), meeting.Rules(),
	}
}

// zone is where a day begins and ends for the counts.
const zone = "Europe/London"

// wire puts the capabilities together. It fails when a rule does not fit its
// shapes, or when one that lists need has no SQL.
func wire(db *store.DB) (*waymark, error) {
	rules, err := policy.New(sources()...)
	if err != nil {
		return nil, err
	}
	err = errors.Join(rules.CheckScope(cases.ActList, cases.Mapping(store.Moment(db.Clock()()))), rules.CheckScope(groups.ActRegister, groups.Mapping(store.Moment(db.Clock()()))), rules.CheckScope(register.ActRegister, cases.Mapping(store.Moment(db.Clock()()))), rules.CheckScope(cases.ActKnow, cases.Mapping(store.Moment(db.Clock()()))),
		rules.CheckScope(cases.ActReview, cases.NoticeMapping()), rules.CheckScope(sharing.ActList, sharing.Mapping()), rules.CheckScope(intake.ActList, intake.Mapping()), rules.CheckScope(interchange.ActFollow, interchange.Mapping()),
		rules.CheckScope(research.ActList, research.Mapping(store.Moment(db.Clock()()))), rules.CheckScope(research.ActLook, research.Mapping(store.Moment(db.Clock()()))), rules.CheckScope(oversight.ActTrail, oversight.TrailMapping()), rules.CheckScope(oversight.ActSettle, oversight.FindingMapping()))
	if err != nil {
		return nil, err
	}
	london, err := time.LoadLocation(zone)
	if err != nil {
		return nil, err
	}
	kinds, kindErr := measures.ParseKinds(measurescontent.Facts)
	indicators, indicatorErr := measures.ParseIndicators(measurescontent.QS116)
	if err := errors.Join(kindErr, indicatorErr); err != nil {
		return nil, err
	}
	w := &waymark{db: db, guard: audit.NewGuard(audit.New(db), rules)}
	if w.registry, err = measures.NewRegistry(london, kinds, indicators); err != nil {
		return nil, err
	}
	w.keyring = keyring.New(db, w.guard)
	w.counter = measures.New(db, w.guard, w.registry, measures.Config{})
	w.settings = settings.New(db, w.guard, w.counter, london)
	w.release = release.New(db, w.guard, w.counter, london)
	w.provision = provision.New(db, w.guard)
	w.training = training.New(db, w.guard)
	w.auth = auth.New(db, w.guard.Log, directory.AtWork{Levels: w.training})
	w.directory = directory.New(db, w.guard, w.auth, w.training)
	w.agreed = agreements.New(db, w.guard, london)
	if w.guideline, err = guideline.New(db, w.guard); err != nil {
		return nil, err
	}
	if w.questions, err = questions.New(db, w.guard); err != nil {
		return nil, err
	}
	w.people = people.New(db, people.DefaultRecheck)
	w.cases = cases.New(db, w.guard, w.people)
	if w.risk, err = risk.New(w.cases, w.guard, w.questions); err != nil {
		return nil, err
	}
	if w.plans, err = safetyplan.New(w.cases, w.guard, w.registry, w.directory); err != nil {
		return nil, err
	}
	w.enquiry = enquiry.New(w.cases, w.guard, w.registry, enquiry.Config{})
	w.sharing = sharing.New(db, w.guard, w.cases, sharing.Config{Agreements: w.agreed, Times: sharing.Times{Zone: london}})
	w.agreed.Watch(w.sharing)
	w.directory.AskWhenLeaving(w.cases, w.sharing)
	w.referral = referral.New(db, w.guard, w.cases, w.sharing, w.registry)
	w.intake = intake.New(w.cases, w.guard, w.registry)
	w.interchange = interchange.New(db, w.guard, w.cases, w.sharing, w.referral, interchange.Config{})
	w.webhooks = webhooks.New(db, w.guard, w.cases, w.sharing, webhooks.Config{Member: directory.AtWork{Levels: w.training}.AtWork})
	w.gateway = gateway.New(db, w.guard, w.interchange)
	w.oversight = oversight.New(db, w.guard, w.people, oversight.Config{Zone: london})
	w.documents = attachments.New(db, w.guard, w.cases)
	w.support = support.New(w.cases, w.guard, w.registry, support.Config{Zone: london})
	orders, err := court.ParseKinds(courtcontent.Orders)
	if err != nil {
		return nil, err
	}
	w.waiting = waiting.New(w.cases, w.guard, w.registry, london)
	w.court = court.New(w.cases, w.guard, orders, court.Config{Zone: london})
	w.lead = supervision.New(w.cases, w.guard, london)
	if w.pathways, err = w.localPathways(london); err != nil {
		return nil, err
	}
	guide, err := circumstances.ParseGuide(circumstancescontent.Circumstances)
	if err != nil {
		return nil, err
	}
	w.circumstances = circumstances.New(w.cases, w.guard, guide, circumstances.Config{Zone: london})
	if w.letters, err = letters.New(w.cases, w.guard, w.mayReach); err != nil {
		return nil, err
	}
	w.appointments = appointments.New(w.cases, w.guard, w.registry, appointments.Config{Zone: london, Gate: w.mayTell, Who: w.auth.Worker})
	w.groups = groups.New(w.cases, w.guard, w.registry, w.appointments)
	w.marac = marac.New(w.cases, w.guard, london)
	w.returns = returns.New(db, w.guard, london)
	w.research = research.New(w.cases, w.guard, w.marac, research.Config{Questions: w.questions, Agreements: w.agreed, Zone: london})
	w.register = register.New(w.cases, w.guard, w.sharing, w.marac)
	w.marac.TrainedBy(w.training)
	w.maracActions = actions.New(w.cases, w.marac, w.guard, london)
	w.maracActions.KeyedBy(w.register.KeyTx)
	w.register.OnList(w.research.ListedTx)
	w.meetings = meeting.New(w.marac, w.guard, w.agreedActions)
	w.outage = outage.New(w.cases, w.guard, london, time.Now, w.support.Reachable, w.appointments.Digest, w.risk.Digest, w.plans.Digest, w.support.Digest, w.court.Digest)
	// What keeps something with a file, in the order in which it goes: what hangs on a case
	// of a register is found by it, so the register goes after it.
	w.rights = rights.New(db, w.guard, w.cases, w.registry, w.maracActions, w.meetings, w.research, w.register, w.documents, w.groups, w.appointments, w.plans, w.support, w.letters, w.waiting, w.court, w.lead, w.pathways, w.circumstances, w.risk, w.enquiry, w.intake, w.webhooks, w.interchange, w.referral, w.sharing, w.oversight)
	w.rights.Forget(w.auth)
	w.intake.Use(intake.Config{
		Times: sharing.Times{Zone: london}, Asked: w.support.Asked,
		Months: func(ctx context.Context, tx *store.Tx, agency string) (int, bool, error) {
			return w.rights.MonthsOf(ctx, tx, agency, rights.NoCase)
		},
	})
	return w, nil
}

// localPathways are the pathways that ship and those that are published here.
func (w *waymark) localPathways(zone *time.Location) (*pathway.Service, error) {
	ships, err := pathwayscontent.Pathways()
	if err != nil {
		return nil, err
	}
	var settings []string
	for _, s := range enquiry.Settings {
		settings = append(settings, s.Code)
	}
	obligations := map[string]bool{}
	for _, o := range w.guideline.Own().Obligations {
		obligations[o.ID] = true
	}
	known := pathway.Known{Settings: settings, Fact: w.registry.Possible, Obligation: func(id string) bool { return obligations[id] }, Facts: w.registry.Kinds()}
	return pathway.New(w.cases, w.guard, w.provision, ships, known, zone)
}

// mayTell asks the gate of contacts, for workflows that tell somebody something
// and know nothing of contacts.
func (w *waymark) mayTell(ctx context.Context, tx *store.Tx, f *cases.File, channel people.Channel, at time.Time, conditions bool) (string, error) {
	v, err := w.support.May(ctx, tx, f, support.Reach{Channel: channel, At: at, Conditions: conditions})
	if err != nil || v.OK() {
		return "", err
	}
	return v.Reason.Label() + ". " + v.Reason.Next(), nil
}

func (w *waymark) close() error { return w.db.Close() }

// mayReach is the gate of contact, for whatever reaches a person besides
// support.
func (w *waymark) mayReach(ctx context.Context, tx *store.Tx, f *cases.File, channel people.Channel, conditions bool) (letters.Verdict, error) {
	v, err := w.support.May(ctx, tx, f, support.Reach{Channel: channel, At: w.support.Now(), Conditions: conditions})
	return letters.Verdict{OK: v.Answer == support.Permitted, Why: v.Reason.Label(), Next: v.Reason.Next()}, err
}

// agreedActions are what was agreed to be done, as minutes have it.
func (w *waymark) agreedActions(ctx context.Context, tx *store.Tx, seat *marac.Seat) (map[marac.CaseID][]meeting.Piece, error) {
	lines, err := w.maracActions.LinesTx(ctx, tx, seat)
	out := map[marac.CaseID][]meeting.Piece{}
	for id, of := range lines {
		out[id] = []meeting.Piece{{Title: "Actions", Lines: of}}
	}
	return out, err
}
