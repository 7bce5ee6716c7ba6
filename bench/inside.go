package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"waymark/internal/casework/appointments"
	"waymark/internal/casework/attachments"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/circumstances"
	"waymark/internal/casework/court"
	"waymark/internal/casework/enquiry"
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
	questionsets "waymark/internal/registers/questions"
	"waymark/internal/registers/release"
	"waymark/internal/registers/settings"
	"waymark/internal/registers/training"
	"waymark/migrations"
)

// domain is the code of the program without the program around it: the same
// store, the same ledger, every rule.
type domain struct {
	db     *store.DB
	guard  *audit.Guard
	people *people.Store
	cases  *cases.Service
}

// allRules are the rules that the program decides by; a test holds them to the
// list in docs/generated.
func allRules() (*policy.Engine, error) {
	return policy.New(
		audit.Rules(), auth.Rules(), directory.Rules(), training.Rules(), agreements.Rules(), guideline.Rules(), questionsets.Rules(), measures.Rules(), backup.Rules(), keyring.Rules(),
		cases.Rules(), enquiry.Rules(), risk.Rules(), safetyplan.Rules(), sharing.Rules(), referral.Rules(), intake.Rules(), oversight.Rules(), attachments.Rules(), rights.Rules(), support.Rules(), outage.Rules(), letters.Rules(),
		appointments.Rules(), groups.Rules(), settings.Rules(), release.Rules(), provision.Rules(),
		waiting.Rules(), court.Rules(), supervision.Rules(), pathway.Rules(), circumstances.Rules(), interchange.Rules(), webhooks.Rules(),
		marac.Rules(), returns.Rules(), research.Rules(), register.Rules(), actions.Rules(), meeting.Rules(),
	)
}

// create makes a new database with nothing in it.
func (p place) create(ctx context.Context) error {
	if err := os.MkdirAll(p.data(), 0o700); err != nil {
		return err
	}
	if _, err := store.CreateKey(p.key()); err != nil {
		return err
	}
	db, err := open(ctx, p.data(), p.key())
	if err != nil {
		return err
	}
	_, err = db.Migrate(ctx, migrations.FS)
	return errors.Join(err, db.Close())
}

// domain opens a deployment that nothing else writes to. Quick is for filling
// it: then the machine decides when a write reaches the disk.
func (p place) domain(ctx context.Context, quick bool) (*domain, error) {
	rules, err := allRules()
	if err != nil {
		return nil, err
	}
	key, err := store.ReadKey(p.key())
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, store.Config{Dir: p.data(), Key: key, Quick: quick})
	if err != nil {
		return nil, err
	}
	return on(db, rules), nil
}

func on(db *store.DB, rules *policy.Engine) *domain {
	d := &domain{db: db, guard: audit.NewGuard(audit.New(db), rules), people: people.New(db, people.DefaultRecheck)}
	d.cases = cases.New(db, d.guard, d.people)
	return d
}

// measureInside measures what needs no pages, on a new database.
func measureInside(ctx context.Context, o options, at place, found *evidence) (err error) {
	if err := at.create(ctx); err != nil {
		return err
	}
	if o.does(listJob) {
		if err := at.fillMore(ctx, o.size); err != nil {
			return fmt.Errorf("filling the database: %w", err)
		}
	}
	d, err := at.domain(ctx, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.db.Close()) }()
	jobs := []struct {
		name string
		run  func() ([]comparison, error)
	}{
		{ledgerJob, func() ([]comparison, error) { return d.compareLedger(ctx, o, at.dir) }},
		{auditedJob, func() ([]comparison, error) { return d.compareAudited(ctx, o) }},
		{decideJob, func() ([]comparison, error) { return compareDecisions(ctx, o, d.guard.Rules()) }},
		{listJob, func() ([]comparison, error) { return d.compareLists(ctx, o) }},
		{formJob, func() ([]comparison, error) { return compareForms(ctx, o, at.dir) }},
		{agreementsJob, func() ([]comparison, error) { return compareAgreements(ctx, o) }},
		{shareJob, func() ([]comparison, error) { return d.compareShares(ctx, o) }},
		{pathwaysJob, func() ([]comparison, error) { return comparePathways(ctx, o) }},
		{maracJob, func() ([]comparison, error) { return d.compareMarac(ctx, o) }},
	}
	for _, j := range jobs {
		if !o.does(j.name) {
			continue
		}
		measured, err := j.run()
		if err != nil {
			return fmt.Errorf("%s: %w", j.name, err)
		}
		found.Comparisons = append(found.Comparisons, measured...)
	}
	return d.whole(ctx)
}

// whole verifies the ledger: a time is worth nothing if what was written in it
// does not hold.
func (d *domain) whole(ctx context.Context) error {
	report, err := d.guard.Verify(ctx)
	if err == nil && len(report.Faults) > 0 {
		err = fmt.Errorf("the ledger is broken: %v", report.Faults)
	}
	return err
}

// entries is how many entries the ledger has.
func (d *domain) entries(ctx context.Context) (int64, error) {
	head, err := d.guard.Head(ctx)
	return head.Size, err
}
