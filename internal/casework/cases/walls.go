package cases

import (
	"context"
	"errors"

	"waymark/internal/casework/cases/casesdb"
	"waymark/internal/platform/store"
)

// errRefusedTo is returned when a file cannot go to a colleague or a team,
// because they work with the other side of the same harm or are tied to one of
// its people. Which of the two is not said: a tie is nobody's business but the
// key contact's.
var errRefusedTo = errors.New("the file cannot go to them")

const refusedTo = "This case cannot go to them. Choose somebody else, or ask the key contact of your agency"

func isRefusedTo(err error) bool { return errors.Is(err, errRefusedTo) }

// IsRefusedTo tells whether a file cannot go to a colleague or team for a
// reason that is not theirs to know, with the words for the page.
func IsRefusedTo(err error) (string, bool) { return refusedTo, isRefusedTo(err) }

// pair finds the file of the other side of the same harm: the perpetrator of
// the one is the person of the other. What follows happens on the side of the
// person harmed alone; the other side does not change by it.
func (s *Service) pair(ctx context.Context, tx *store.Tx, agency string, file ID) error {
	q := casesdb.New(tx)
	harming, err := q.FilesAcross(ctx, casesdb.FilesAcrossParams{AgencyID: agency, FileID: string(file)})
	if err != nil {
		return err
	}
	for _, other := range harming {
		if err := s.couple(ctx, tx, agency, string(file), other); err != nil {
			return err
		}
	}
	harmed, err := q.FilesHarmed(ctx, casesdb.FilesHarmedParams{AgencyID: agency, FileID: string(file)})
	if err != nil {
		return err
	}
	for _, one := range harmed {
		if err := s.couple(ctx, tx, agency, one, string(file)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) couple(ctx context.Context, tx *store.Tx, agency, harmed, harming string) error {
	q := casesdb.New(tx)
	n, err := q.InsertCouple(ctx, casesdb.InsertCoupleParams{AgencyID: agency, FileID: harmed, OtherFile: harming, FoundAt: tx.Now()})
	if err != nil || n == 0 {
		return err
	}
	if _, err := q.InsertCouple(ctx, casesdb.InsertCoupleParams{AgencyID: agency, FileID: harming, OtherFile: harmed, FoundAt: tx.Now()}); err != nil {
		return err
	}
	return s.bothSides(ctx, tx, agency, harmed, harming)
}

// bothSides tells the key contact of workers who have both sides of one harm:
// they have lost the file of the person harmed, and somebody else must take it.
func (s *Service) bothSides(ctx context.Context, tx *store.Tx, agency, harmed, harming string) error {
	q := casesdb.New(tx)
	workers, err := q.SharedWorkers(ctx, casesdb.SharedWorkersParams{AgencyID: agency, FileID: harmed, OtherFile: harming})
	if err != nil {
		return err
	}
	for _, account := range workers {
		if err := s.notify(ctx, tx, agency, NoticeBothSides, ID(harmed), account, ""); err != nil {
			return err
		}
	}
	return nil
}

// movedTo looks after a hand-over on the side of the person who harms: nothing
// is refused there, and whoever has both sides now has lost the other.
func (s *Service) movedTo(ctx context.Context, tx *store.Tx, f *File, account string) error {
	if f.side != Perpetrating || account == "" {
		return nil
	}
	q := casesdb.New(tx)
	harmed, err := q.OthersAcross(ctx, casesdb.OthersAcrossParams{AgencyID: f.agency, FileID: string(f.id)})
	if err != nil {
		return err
	}
	for _, one := range harmed {
		workers, err := q.SharedWorkers(ctx, casesdb.SharedWorkersParams{AgencyID: f.agency, FileID: one, OtherFile: string(f.id)})
		if err != nil {
			return err
		}
		for _, w := range workers {
			if w != account {
				continue
			}
			if err := s.notify(ctx, tx, f.agency, NoticeBothSides, ID(one), account, ""); err != nil {
				return err
			}
		}
	}
	return nil
}
