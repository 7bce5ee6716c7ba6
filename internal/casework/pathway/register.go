package pathway

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/pathway/pathwaydb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/provision"
)

// Version is one version of a pathway.
type Version struct {
	Document    Document
	Number      int64     // 0 is the one that ships
	PublishedAt time.Time // zero for the one that ships
	PublishedBy string    // account or operator
	WithdrawnAt time.Time
	Text        string // the document as it was published

	plan *Plan
}

// Ships tells whether it came with Waymark.
func (v Version) Ships() bool { return v.Number == 0 }

// subjectKind names pathways in the ledger.
const subjectKind = "pathway"

// Service keeps the pathways and follows them on cases. It is safe for
// concurrent use.
type Service struct {
	cases    *cases.Service
	guard    *audit.Guard
	services *provision.Register
	known    Known
	zone     *time.Location
	ships    []Version

	parsed sync.Map // *Plan by pathway and number: a version never changes
}

// New makes the service with the pathways that ship. It fails when one of them
// could not be published.
func New(files *cases.Service, guard *audit.Guard, services *provision.Register, ships [][]byte, known Known, zone *time.Location) (*Service, error) {
	s := &Service{cases: files, guard: guard, services: services, known: known, zone: zone}
	for n, data := range ships {
		d, err := Parse(data, known)
		if err != nil {
			return nil, fmt.Errorf("pathway %d of those that ship: %w", n+1, err)
		}
		if s.shipping(d.ID) != nil {
			return nil, fmt.Errorf("two of the pathways that ship have the id %q", d.ID)
		}
		s.ships = append(s.ships, Version{Document: d, Text: string(data), plan: Prepare(d)})
	}
	return s, nil
}

func (s *Service) shipping(id string) *Version {
	for i := range s.ships {
		if s.ships[i].Document.ID == id {
			return &s.ships[i]
		}
	}
	return nil
}

// Check says everything that keeps a document from being published.
func (s *Service) Check(data []byte) (Document, error) { return Parse(data, s.known) }

// List are the pathways that are followed: those that the partnership has
// published, and those that ship and nothing has taken the place of.
func (s *Service) List(ctx context.Context, actor policy.Actor) ([]Version, error) {
	if _, err := s.guard.Act(ctx, actor, ActRead, register, true); err != nil {
		return nil, err
	}
	var all []Version
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		all, err = s.current(ctx, tx)
		return err
	})
	return all, err
}

// current are the versions that are followed, by title.
func (s *Service) current(ctx context.Context, tx *store.Tx) ([]Version, error) {
	rows, err := pathwaydb.New(tx).Latest(ctx)
	if err != nil {
		return nil, err
	}
	var all []Version
	own := map[string]bool{}
	for _, row := range rows {
		own[row.Pathway] = true
		if row.WithdrawnAt.Valid {
			continue
		}
		v, err := s.version(row)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	for _, v := range s.ships {
		if !own[v.Document.ID] {
			all = append(all, v)
		}
	}
	slices.SortFunc(all, func(a, b Version) int {
		return cmp.Or(cmp.Compare(a.Document.For, b.Document.For), cmp.Compare(a.Document.Title, b.Document.Title), cmp.Compare(a.Document.ID, b.Document.ID))
	})
	return all, nil
}

func (s *Service) version(row pathwaydb.PathwayVersion) (Version, error) {
	v := Version{
		Number: row.Number, PublishedAt: row.PublishedAt, PublishedBy: row.PublishedBy, WithdrawnAt: row.WithdrawnAt.Time, Text: row.Document,
	}
	key := row.Pathway + "|" + strconv.FormatInt(row.Number, 10) + "|" + row.Document
	if kept, ok := s.parsed.Load(key); ok {
		if p, is := kept.(*Plan); is {
			v.Document, v.plan = p.Document, p
			return v, nil
		}
	}
	// It was checked when it was published. What it names may have gone since;
	// then it names nothing that can be found, and that is all.
	d, err := Parse([]byte(row.Document), s.known)
	var problems Problems
	if err != nil && (!errors.As(err, &problems) || d.ID == "") {
		return v, fmt.Errorf("pathway %s, version %d: %w", row.Pathway, row.Number, err)
	}
	v.Document, v.plan = d, Prepare(d)
	s.parsed.Store(key, v.plan)
	return v, nil
}

// Versions are the versions of a pathway, the newest first; the one that ships
// is the last. It returns [store.ErrNotFound] for one that nobody has published.
func (s *Service) Versions(ctx context.Context, actor policy.Actor, id string) ([]Version, error) {
	if _, err := s.guard.Act(ctx, actor, ActRead, register, true); err != nil {
		return nil, err
	}
	var all []Version
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := pathwaydb.New(tx).Versions(ctx, id)
		if err != nil {
			return err
		}
		for _, row := range rows {
			v, err := s.version(row)
			if err != nil {
				return err
			}
			all = append(all, v)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if v := s.shipping(id); v != nil {
		all = append(all, *v)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%w: %w", store.ErrNotFound, errNoPathway)
	}
	return all, nil
}

// Publish makes a document the version of its pathway that is followed from now
// on. after is the number of the version that it follows on, as it was shown, 0
// for the first; it returns [store.ErrConflict] when somebody has published
// another one meanwhile, and [Problems] for a document that cannot be followed.
func (s *Service) Publish(ctx context.Context, actor policy.Actor, data []byte, after int64) (Version, error) {
	permit, err := s.guard.Act(ctx, actor, ActPublish, register, true)
	if err != nil {
		return Version{}, err
	}
	d, err := Parse(data, s.known)
	if err != nil {
		return Version{}, err
	}
	v := Version{Document: d, Number: after + 1, PublishedBy: actor.Account, Text: string(data), plan: Prepare(d)}
	err = s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := pathwaydb.New(tx)
		rows, err := q.Versions(ctx, d.ID)
		if err != nil {
			return err
		}
		if len(rows) > 0 && rows[0].Number != after || len(rows) == 0 && after != 0 {
			return store.ErrConflict
		}
		v.PublishedAt = tx.Now()
		err = q.InsertVersion(ctx, pathwaydb.InsertVersionParams{Pathway: d.ID, Number: v.Number, Document: v.Text, PublishedAt: v.PublishedAt, PublishedBy: v.PublishedBy})
		if errors.Is(err, store.ErrExists) {
			return store.ErrConflict
		}
		if err != nil {
			return err
		}
		return permit.Append(tx, ActPublish, "published", audit.Subject{Kind: subjectKind, ID: d.ID})
	})
	return v, err
}

// Withdraw ends that a version is followed. It stays readable. It returns
// [store.ErrConflict] when it is withdrawn already or not the newest.
func (s *Service) Withdraw(ctx context.Context, actor policy.Actor, id string, number int64) error {
	permit, err := s.guard.Act(ctx, actor, ActPublish, register, true)
	if err != nil {
		return err
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := pathwaydb.New(tx)
		rows, err := q.Versions(ctx, id)
		if err != nil {
			return err
		}
		switch {
		case len(rows) == 0 && s.shipping(id) == nil:
			return store.ErrNotFound
		case len(rows) == 0 || rows[0].Number != number:
			return store.ErrConflict
		}
		err = store.Changed(q.Withdraw(ctx, pathwaydb.WithdrawParams{Pathway: id, Number: number, WithdrawnAt: sql.NullTime{Time: tx.Now(), Valid: true}, WithdrawnBy: actor.Account}))
		if err != nil {
			return err
		}
		return permit.Append(tx, ActPublish, "withdrawn", audit.Subject{Kind: subjectKind, ID: id})
	})
}
