package release

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/release/releasedb"
)

// Register keeps protocols and releases.
type Register struct {
	db      *store.DB
	guard   *audit.Guard
	counter *measures.Counter
	zone    *time.Location
}

// New makes the register. Days are those of the zone.
func New(db *store.DB, guard *audit.Guard, counter *measures.Counter, zone *time.Location) *Register {
	if zone == nil {
		zone = time.UTC
	}
	return &Register{db: db, guard: guard, counter: counter, zone: zone}
}

// Now is the present, where days are counted.
func (r *Register) Now() time.Time { return store.Moment(r.db.Clock()()).In(r.zone) }

func (r *Register) today() string { return r.Now().Format(time.DateOnly) }

// Protocol is what an agency has agreed of sharing figures.
type Protocol struct {
	ID       string
	Purposes string // what figures may be shared for
	Whom     string // with whom
	Keeping  string // how they keep them, and for how long
	ReviewOn string // YYYY-MM-DD: until when it holds
	At       time.Time
	By       string // account
}

// Holds tells whether something may be released under it on a day.
func (p Protocol) Holds(day string) bool { return p.ID != "" && day <= p.ReviewOn }

// LogValue implements [slog.LogValuer].
func (p Protocol) LogValue() slog.Value { return slog.StringValue(p.ID) }

const wordsMost, lineMost = 4000, 200

// Check returns what is wrong with a protocol, by the fields purposes, whom,
// keeping and review.
func (p Protocol) Check(today time.Time) forms.Errors {
	var errs forms.Errors
	for _, f := range []struct{ field, text, none string }{
		{"purposes", p.Purposes, "Enter what figures may be shared for"},
		{"whom", p.Whom, "Enter with whom they may be shared"},
		{"keeping", p.Keeping, "Enter how whoever receives them keeps them, and for how long"},
	} {
		switch {
		case strings.TrimSpace(f.text) == "":
			errs.Add(f.field, f.none)
		case len(f.text) > wordsMost:
			errs.Add(f.field, "Shorten this to 4,000 characters or fewer")
		}
	}
	day, err := time.Parse(time.DateOnly, p.ReviewOn)
	if err != nil || p.ReviewOn < today.Format(time.DateOnly) || day.After(today.AddDate(2, 0, 0)) {
		errs.Add("review", "Enter a day within the next two years on which it is looked at again, such as 27 3 2027")
	}
	return errs
}

type protocolWords struct {
	Purposes string `json:"purposes"`
	Whom     string `json:"whom"`
	Keeping  string `json:"keeping"`
}

type releaseWords struct {
	Whom string `json:"whom"`
	Why  string `json:"why"`
}

func place(agency, table, column, id string) store.Place {
	return store.Place{Agency: agency, Table: table, Column: column, Row: id}
}

// Agree makes a protocol the one that holds at the actor's agency.
func (r *Register) Agree(ctx context.Context, actor policy.Actor, p Protocol) error {
	permit, err := r.guard.Act(ctx, actor, ActAgree, listOf(actor.Agency), true)
	if err != nil {
		return err
	}
	if errs := p.Check(r.Now()); errs.Any() {
		return errs
	}
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		words, err := tx.Vault().SealJSON(ctx, tx, place(actor.Agency, "figure_protocol", "words_sealed", id), protocolWords{p.Purposes, p.Whom, p.Keeping})
		if err != nil {
			return err
		}
		err = releasedb.New(tx).InsertProtocol(ctx, releasedb.InsertProtocolParams{
			AgencyID: actor.Agency, ID: id, WordsSealed: words.Bytes(), ReviewOn: p.ReviewOn, AgreedAt: tx.Now(), AgreedBy: actor.Account,
		})
		if err != nil {
			return err
		}
		return permit.Append(tx, ActAgree, "", audit.Subject{Kind: "agency", ID: actor.Agency})
	})
}

// Protocols are those of the actor's agency, the one that was agreed last first.
func (r *Register) Protocols(ctx context.Context, actor policy.Actor) ([]Protocol, error) {
	if _, err := r.guard.Act(ctx, actor, ActRead, listOf(actor.Agency), true); err != nil {
		return nil, err
	}
	return r.protocols(ctx, actor.Agency)
}

func (r *Register) protocols(ctx context.Context, agency string) ([]Protocol, error) {
	var out []Protocol
	err := r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := releasedb.New(tx).Protocols(ctx, agency)
		for _, row := range rows {
			var w protocolWords
			if err := tx.Vault().OpenJSON(ctx, tx, place(agency, "figure_protocol", "words_sealed", row.ID), row.WordsSealed, &w); err != nil {
				return err
			}
			out = append(out, Protocol{ID: row.ID, Purposes: w.Purposes, Whom: w.Whom, Keeping: w.Keeping, ReviewOn: row.ReviewOn, At: row.AgreedAt, By: row.AgreedBy})
		}
		return err
	})
	return out, err
}

// NewRelease is what is to be released.
type NewRelease struct {
	Period string // as [measures.ClosedPeriod] reads it
	All    bool   // of all agencies together, and not only the actor's own
	Whom   string
	Why    string
	// Unknown says that nobody can be known from the figures.
	Unknown bool
}

// Release is what left.
type Release struct {
	ID       string
	Agency   string
	Protocol string // id
	All      bool
	Period   measures.Period
	Whom     string
	Why      string
	Digest   string // SHA-256 of the file, in hexadecimal digits
	At       time.Time
	By       string // account
	File     []byte // CSV, UTF-8; of lists, none
}

// LogValue implements [slog.LogValuer].
func (r Release) LogValue() slog.Value { return slog.StringValue(r.ID) }

// Rows are the lines of the file.
func (r Release) Rows() ([][]string, error) {
	in := csv.NewReader(bytes.NewReader(r.File))
	in.FieldsPerRecord = -1
	return in.ReadAll()
}

// Make counts the figures of a period and keeps them as they leave. It returns
// [forms.Errors] by the fields period, whom, why and unknown, and the id of what was
// made.
func (r *Register) Make(ctx context.Context, actor policy.Actor, n NewRelease) (string, error) {
	permit, err := r.guard.Act(ctx, actor, ActMake, listOf(actor.Agency), true)
	if err != nil {
		return "", err
	}
	protocols, err := r.protocols(ctx, actor.Agency)
	if err != nil {
		return "", err
	}
	period, errs := r.check(n, protocols)
	if errs.Any() {
		return "", errs
	}
	q := measures.Query{Period: period, Agency: actor.Agency}
	if n.All {
		q.Agency = ""
	}
	results, err := r.counter.Count(ctx, actor, q)
	if err != nil {
		return "", err
	}
	var file bytes.Buffer
	if err := measures.WriteCSV(&file, results); err != nil {
		return "", err
	}
	digest := sha256.Sum256(file.Bytes())
	var id string
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if id, err = tx.NewID(); err != nil {
			return err
		}
		words, err := tx.Vault().SealJSON(ctx, tx, place(actor.Agency, "figure_release", "words_sealed", id), releaseWords{n.Whom, n.Why})
		if err != nil {
			return err
		}
		sealed, err := tx.Vault().Seal(ctx, tx, place(actor.Agency, "figure_release", "file_sealed", id), file.String())
		if err != nil {
			return err
		}
		err = releasedb.New(tx).InsertRelease(ctx, releasedb.InsertReleaseParams{
			AgencyID: actor.Agency, ID: id, ProtocolID: protocols[0].ID, OfAll: n.All, FromOn: period.From, ToOn: period.To, WordsSealed: words.Bytes(),
			FileSealed: sealed.Bytes(), Digest: hex.EncodeToString(digest[:]), MadeAt: tx.Now(), MadeBy: actor.Account,
		})
		if err != nil {
			return err
		}
		return permit.Append(tx, ActMake, period.From+"/"+period.To, subject(id), audit.Subject{Kind: "agency", ID: actor.Agency})
	})
	return id, err
}

func (r *Register) check(n NewRelease, protocols []Protocol) (measures.Period, forms.Errors) {
	var errs forms.Errors
	period, over := measures.ClosedPeriod(n.Period, r.Now(), r.zone)
	if !over {
		errs.Add("period", "Select a period that is over")
	}
	if len(protocols) == 0 || !protocols[0].Holds(r.today()) {
		errs.Add("period", "No protocol holds under which figures may leave. A key contact of your agency agrees one")
	}
	for _, f := range []struct{ field, text, none string }{
		{"whom", n.Whom, "Enter who receives them"}, {"why", n.Why, "Enter what they are for"},
	} {
		switch {
		case strings.TrimSpace(f.text) == "":
			errs.Add(f.field, f.none)
		case len(f.text) > lineMost:
			errs.Add(f.field, "Shorten this to 200 characters or fewer")
		}
	}
	if !n.Unknown {
		errs.Add("unknown", "Look whether somebody could be known from so few people in so small a place, and say so")
	}
	return period, errs
}

// Releases are what left the actor's agency, the latest first, those before the
// one with an id; at most limit.
func (r *Register) Releases(ctx context.Context, actor policy.Actor, before string, limit int32) ([]Release, error) {
	if _, err := r.guard.Act(ctx, actor, ActRead, listOf(actor.Agency), true); err != nil {
		return nil, err
	}
	if before == "" {
		before = "z" // after every id
	}
	var out []Release
	err := r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := releasedb.New(tx).Releases(ctx, releasedb.ReleasesParams{AgencyID: actor.Agency, ID: before, Limit: limit})
		for _, row := range rows {
			one, err := opened(ctx, tx, releasedb.FigureRelease{
				AgencyID: row.AgencyID, ID: row.ID, ProtocolID: row.ProtocolID, OfAll: row.OfAll, FromOn: row.FromOn, ToOn: row.ToOn, WordsSealed: row.WordsSealed,
				Digest: row.Digest, MadeAt: row.MadeAt, MadeBy: row.MadeBy,
			})
			if err != nil {
				return err
			}
			out = append(out, one)
		}
		return err
	})
	return out, err
}

func opened(ctx context.Context, tx *store.Tx, row releasedb.FigureRelease) (Release, error) {
	out := Release{
		ID: row.ID, Agency: row.AgencyID, Protocol: row.ProtocolID, All: row.OfAll, Period: measures.Period{From: row.FromOn, To: row.ToOn},
		Digest: row.Digest, At: row.MadeAt, By: row.MadeBy,
	}
	var w releaseWords
	err := tx.Vault().OpenJSON(ctx, tx, place(row.AgencyID, "figure_release", "words_sealed", row.ID), row.WordsSealed, &w)
	out.Whom, out.Why = w.Whom, w.Why
	return out, err
}

// Release is one with its file, exactly as it left. That of another agency is
// [store.ErrNotFound], and the refusal is in the ledger.
func (r *Register) Release(ctx context.Context, actor policy.Actor, id string) (Release, error) {
	var row releasedb.FigureRelease
	err := r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		row, err = releasedb.New(tx).Release(ctx, id)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return Release{}, err
	}
	// One that never was is refused like one of another agency: it is of none.
	if _, err := r.guard.Open(ctx, actor, ActRead, listOf(row.AgencyID), "", false, subject(id)); err != nil {
		return Release{}, err
	}
	var out Release
	err = r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		if out, err = opened(ctx, tx, row); err != nil {
			return err
		}
		text, err := tx.Vault().Open(ctx, tx, place(row.AgencyID, "figure_release", "file_sealed", id), row.FileSealed)
		out.File = []byte(text)
		return err
	})
	if err != nil {
		return Release{}, fmt.Errorf("figures that left: %w", err)
	}
	return out, nil
}
