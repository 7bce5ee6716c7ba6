package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"waymark/internal/demo"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web/ui"
)

// demoSeed is the seed of the county that "serve --demo" shows.
const demoSeed = 2016 // the year of QS116

// demoSite is an opened demo.
type demoSite struct{ waymark *waymark }

// banner stands on every page of the demo.
func (d *demoSite) banner() *ui.DemoBannerParams {
	if d == nil {
		return nil
	}
	return &ui.DemoBannerParams{Text: "Everybody and everything here is made up.", SwitchURL: "/demo", SwitchText: "Switch role"}
}

// openDemo opens the demo, and makes the county when the place is new. A place
// with real data is refused.
func openDemo(ctx context.Context, p place, notes io.Writer) (*demoSite, error) {
	clock, ids := demo.NewClock(), demo.NewIDs(demoSeed)
	o := opening{create: true, kind: store.Demo, clock: clock.Now, random: ids, notes: notes}
	there, err := p.hasData()
	if err != nil {
		return nil, err
	}
	if !there && p.URL == "" {
		if err := p.makeDemo(ctx, o, clock); err != nil {
			return nil, err
		}
	}
	db, err := p.open(ctx, o)
	if err != nil {
		return nil, err
	}
	w, err := wire(db)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := w.seedDemo(ctx, clock); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	last, err := w.guard.Newest(ctx)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	clock.Run(store.SystemClock, last.At)
	ids.Run()
	return &demoSite{waymark: w}, nil
}

// commandClock is the clock of a command that works beside a service, or on a
// copy: the machine's on real data. A demo has a time of its own, which a
// command must not carry on to today.
type commandClock struct{ back atomic.Int64 }

func (c *commandClock) now() time.Time {
	return store.SystemClock().Add(-time.Duration(c.back.Load()))
}

// inDemo puts the clock to the time of what was last recorded, on a demo.
func (c *commandClock) inDemo(ctx context.Context, w *waymark) error {
	var kind store.DeploymentKind
	err := w.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		kind, err = store.KindOf(ctx, tx)
		return err
	})
	if err != nil || kind != store.Demo {
		return err
	}
	last, err := w.guard.Newest(ctx)
	if err == nil && !last.At.IsZero() {
		c.back.Store(int64(store.SystemClock().Sub(last.At)))
	}
	return err
}

// makeDemo makes the county in a new data directory: in a folder of its own,
// from which the file is moved when it is whole. So the thousands of writes need
// not wait for the disk, and a start that is interrupted leaves no half county
// that the next one would serve.
func (p place) makeDemo(ctx context.Context, o opening, clock *demo.Clock) error {
	key, err := p.prepare(ctx, o)
	if err != nil {
		return err
	}
	making := p
	making.Dir = filepath.Join(p.Dir, "being-made")
	if err := os.RemoveAll(making.Dir); err != nil {
		return err
	}
	if err := os.Mkdir(making.Dir, 0o700); err != nil {
		return err
	}
	o.quick = true
	if err := making.fillDemo(ctx, key, o, clock); err != nil {
		return errors.Join(err, os.RemoveAll(making.Dir))
	}
	return errors.Join(
		os.Rename(filepath.Join(making.Dir, store.FileName), filepath.Join(p.Dir, store.FileName)),
		os.RemoveAll(making.Dir),
	)
}

// fillDemo makes the database with the county in it, closes it and waits until
// it is on the disk.
func (p place) fillDemo(ctx context.Context, key store.Key, o opening, clock *demo.Clock) error {
	db, err := p.connect(ctx, key, o)
	if err != nil {
		return err
	}
	w, err := wire(db)
	if err == nil {
		err = w.seedDemo(ctx, clock)
	}
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	file, err := os.OpenFile(filepath.Join(p.Dir, store.FileName), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// seedDemo makes the county if nobody is there yet.
func (w *waymark) seedDemo(ctx context.Context, clock *demo.Clock) error {
	empty, err := w.auth.Empty(ctx)
	if err != nil || !empty {
		return err
	}
	return demo.Seed(ctx, w.forDemo(clock), demoSeed)
}

func (w *waymark) forDemo(clock *demo.Clock) demo.Deps {
	return demo.Deps{
		Clock: clock, DB: w.db, Log: w.guard.Log, Directory: w.directory, Training: w.training, People: w.people, Cases: w.cases,
		Enquiry: w.enquiry, Risk: w.risk, Plans: w.plans, Sharing: w.sharing, Referral: w.referral, Oversight: w.oversight,
		Attachments: w.documents, Rights: w.rights, Support: w.support, Letters: w.letters, Appointments: w.appointments, Groups: w.groups, Settings: w.settings, Release: w.release, Provision: w.provision,
		Waiting: w.waiting, Court: w.court, Supervision: w.lead, Pathways: w.pathways, Agreements: w.agreed, Circumstances: w.circumstances, Intake: w.intake, Interchange: w.interchange, Webhooks: w.webhooks,
		Marac: w.marac, Meetings: w.meetings, Research: w.research, Register: w.register, Actions: w.maracActions,
	}
}
