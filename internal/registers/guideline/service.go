package guideline

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
	"waymark/internal/registers/guideline/guidelinedb"
	"waymark/internal/registers/guideline/official"
)

// Service keeps the imported editions of the official guideline, and Waymark's own pathway beside
// them. Reading takes no actor: both are public text. It is safe for concurrent use.
type Service struct {
	db    *store.DB
	guard *audit.Guard
	own   *Own
	index *index // of own

	mu   sync.RWMutex
	kept map[string]*Stored // by id
}

// New makes the service. It fails when the plain-English pathway that Waymark ships with does not
// hold together.
func New(db *store.DB, guard *audit.Guard) (*Service, error) {
	own, err := Shipped()
	if err != nil {
		return nil, err
	}
	return &Service{db: db, guard: guard, own: own, index: own.searchable(), kept: map[string]*Stored{}}, nil
}

// Own is Waymark's own pathway. It must not be changed.
func (s *Service) Own() *Own { return s.own }

// Stored is an imported edition. It is shared and must not be changed.
//
// Its id is the day that the document prints as its last update, 2017-08-03. A later import that
// prints the same day and differs gets the next number, 2017-08-03-2.
type Stored struct {
	ID         string
	ImportedAt time.Time
	ImportedBy string // an account
	Version    *official.Version

	revision int64
	index    *index
}

// Edition changes whenever what the edition says does. It is "" for none.
func (s *Stored) Edition() string {
	if s == nil {
		return ""
	}
	return s.ID + " " + strconv.FormatInt(s.revision, 10)
}

// Listed is one line of the list of editions.
type Listed struct {
	ID         string
	Title      string
	Updated    official.Date
	ImportedAt time.Time
	ImportedBy string
	Files      []official.SourceFile
}

// HasRecommendations says whether the list of who should act is part of the edition.
func (l Listed) HasRecommendations() bool {
	for _, f := range l.Files {
		if f.Kind == official.RecommendationsFile {
			return true
		}
	}
	return false
}

// versionsMost bounds the list of editions. The guideline has had a handful in ten years.
const versionsMost = 200

// List gives the imported editions, the newest first.
func (s *Service) List(ctx context.Context) ([]Listed, error) {
	var out []Listed
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := guidelinedb.New(tx)
		rows, err := q.Versions(ctx, versionsMost)
		if err != nil {
			return err
		}
		at := map[string]int{}
		for i, r := range rows {
			l := Listed{ID: r.ID, Title: r.Title, ImportedAt: r.ImportedAt, ImportedBy: r.ImportedBy}
			if err := l.Updated.UnmarshalText([]byte(r.Updated)); err != nil {
				return err
			}
			at[r.ID] = i
			out = append(out, l)
		}
		files, err := q.Files(ctx)
		if err != nil {
			return err
		}
		for _, f := range files {
			if i, ok := at[f.VersionID]; ok {
				out[i].Files = append(out[i].Files, official.SourceFile{Name: f.Name, Kind: official.FileKind(f.Kind), Lines: int(f.Lines), SHA256: f.Sha256})
			}
		}
		return nil
	})
	return out, err
}

// Newest is the newest edition, nil when none was imported yet. It costs one small query, and a
// second one when this instance has not seen the edition yet.
func (s *Service) Newest(ctx context.Context) (*Stored, error) {
	var out *Stored
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		head, err := guidelinedb.New(tx).NewestVersion(ctx)
		if err != nil {
			return err
		}
		out, err = s.load(ctx, tx, head.ID, head.Revision)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return out, err
}

// NewestRef names the newest edition where a reference is asked for.
const NewestRef = "newest"

// AmbiguousError is returned for the beginning of an id that several editions share.
type AmbiguousError struct {
	Ref string
	IDs []string
}

func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("%q could be %s", e.Ref, strings.Join(e.IDs, " or "))
}

var reVersionRef = regexp.MustCompile(`^[0-9][0-9-]{0,30}$`)

// Version finds an edition by its id, by the beginning of its id if no other begins so ("2017"), or
// by [NewestRef]. It returns [store.ErrNotFound], or an *AmbiguousError.
func (s *Service) Version(ctx context.Context, ref string) (*Stored, error) {
	if ref == "" || ref == NewestRef {
		v, err := s.Newest(ctx)
		if err == nil && v == nil {
			err = fmt.Errorf("no version of the guideline has been imported: %w", store.ErrNotFound)
		}
		return v, err
	}
	if !reVersionRef.MatchString(ref) {
		return nil, fmt.Errorf("version %q: %w", ref, store.ErrNotFound)
	}
	var out *Stored
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		ids, err := guidelinedb.New(tx).VersionIDsLike(ctx, guidelinedb.VersionIDsLikeParams{ID: ref + "%", Limit: 10})
		if err != nil {
			return err
		}
		id := ""
		for _, candidate := range ids {
			if candidate == ref || len(ids) == 1 {
				id = candidate
			}
		}
		switch {
		case len(ids) == 0:
			return fmt.Errorf("version %q: %w", ref, store.ErrNotFound)
		case id == "":
			return &AmbiguousError{Ref: ref, IDs: ids}
		}
		out, err = s.load(ctx, tx, id, 0)
		return err
	})
	return out, err
}

// Diff compares two editions named as [Service.Version] takes them, the older first.
func (s *Service) Diff(ctx context.Context, before, after string) (official.Changes, error) {
	old, err := s.Version(ctx, before)
	if err != nil {
		return official.Changes{}, err
	}
	now, err := s.Version(ctx, after)
	if err != nil {
		return official.Changes{}, err
	}
	return official.Diff(old.Version, now.Version), nil
}

// load gives an edition from memory when that is of the given revision (zero: ask the database
// which one it is), and from the database otherwise.
func (s *Service) load(ctx context.Context, tx *store.Tx, id string, revision int64) (*Stored, error) {
	s.mu.RLock()
	have := s.kept[id]
	s.mu.RUnlock()
	if have != nil && have.revision == revision {
		return have, nil
	}
	row, err := guidelinedb.New(tx).VersionByID(ctx, id)
	if err != nil {
		return nil, err
	}
	v, err := storedOf(row)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	// Another request may have loaded a later one meanwhile.
	if have := s.kept[id]; have == nil || have.revision < v.revision {
		s.kept[id] = v
	}
	return v, nil
}

func storedOf(row guidelinedb.GuidelineVersion) (*Stored, error) {
	v := &official.Version{}
	if err := v.UnmarshalJSON([]byte(row.Content)); err != nil {
		return nil, fmt.Errorf("version %s as it is stored: %w", row.ID, err)
	}
	return &Stored{
		ID: row.ID, ImportedAt: row.ImportedAt, ImportedBy: row.ImportedBy, Version: v,
		revision: row.Revision, index: searchable(v),
	}, nil
}
