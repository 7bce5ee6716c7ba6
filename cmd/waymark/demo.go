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
func openDemo(ctx context.Context, p place, notes io.Writer) (*demoSite, error) {
	clock, ids := demo.NewClock(), demo.NewIDs(demoSeed)
	o := opening{create: true, kind: store.Demo, clock: clock.Now, random: ids, notes: notes}
	fresh, err := p.fresh()
	if err != nil {
		return nil, err
	}
	if fresh {
		// Made in a file of its own, closed and put on the disk before anybody
		// works with it: so the thousands of writes need not wait for the disk.
		quick := o
		quick.quick = true
		if err := p.makeDemo(ctx, quick, clock); err != nil {
			// Half a county would be served as a whole one the next time.
			return nil, errors.Join(err, p.removeFile())
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

// makeDemo makes the county in a new data directory.
func (p place) makeDemo(ctx context.Context, o opening, clock *demo.Clock) error {
	db, err := p.open(ctx, o)
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

// removeFile removes the files of an embedded database.
func (p place) removeFile() error {
	var errs []error
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(filepath.Join(p.Dir, store.FileName+suffix)); err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
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
