package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

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
	return &ui.DemoBannerParams{Text: "Demo: everybody and everything here is made up.", SwitchURL: "/demo", SwitchText: "Switch role"}
}

// openDemo opens the demo, and makes the county when the place is new. A place
// with real data is refused.
func openDemo(ctx context.Context, p place, notes io.Writer) (site *demoSite, err error) {
	clock, ids := demo.NewClock(), demo.NewIDs(demoSeed)
	fresh, err := p.fresh()
	if err != nil {
		return nil, err
	}
	db, err := p.open(ctx, opening{create: true, kind: store.Demo, clock: clock.Now, random: ids, notes: notes})
	if err != nil {
		return nil, err
	}
	w, err := wire(db)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	empty, err := w.auth.Empty(ctx)
	if err == nil && empty {
		err = demo.Seed(ctx, w.forDemo(clock), demoSeed)
	}
	if err != nil {
		if fresh {
			// Half a county would be served as a whole one the next time.
			err = errors.Join(err, os.Remove(filepath.Join(p.Dir, store.FileName)))
		}
		return nil, errors.Join(err, db.Close())
	}
	clock.Run(store.SystemClock)
	ids.Run()
	return &demoSite{waymark: w}, nil
}

// fresh tells whether a data directory holds nothing yet. A directory with
// anything in it but a demo is left alone.
func (p place) fresh() (bool, error) {
	if p.URL != "" {
		return false, nil
	}
	_, err := os.Stat(filepath.Join(p.Dir, store.FileName))
	if errors.Is(err, os.ErrNotExist) {
		return true, nil
	}
	return false, err
}

func (w *waymark) forDemo(clock *demo.Clock) demo.Deps {
	return demo.Deps{
		Clock: clock, DB: w.db, Log: w.guard.Log, Directory: w.directory, People: w.people, Cases: w.cases,
		Enquiry: w.enquiry, Risk: w.risk, Sharing: w.sharing, Referral: w.referral,
	}
}
