package guideline

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/guideline/guidelinedb"
	"waymark/internal/registers/guideline/official"
)

// Outcome says what an import did.
type Outcome string

// The outcomes.
const (
	Imported  Outcome = "imported"  // a new edition is kept beside the others
	Attached  Outcome = "attached"  // an edition got its list of who should act
	Reread    Outcome = "reread"    // known files that this release reads better than an earlier one
	Unchanged Outcome = "unchanged" // known files; nothing was written
)

// Label is the outcome in words for people.
func (o Outcome) Label() string {
	switch o {
	case Imported:
		return "Imported as a new version"
	case Attached:
		return "Attached to a version that lacked it"
	case Reread:
		return "Read again: the files were known, and are now read better"
	case Unchanged:
		return "Known already: nothing was changed"
	}
	return string(o)
}

// Result says what an import did and what its reader should look at.
type Result struct {
	Version  string // its id
	Updated  official.Date
	Outcome  Outcome
	Warnings []official.Warning
}

// subjectKind names editions in the ledger.
const subjectKind = "guideline_version"

// Import keeps what the files hold. Both documents together make one edition; a pathway alone makes
// one without the list of who should act; a list alone is put to the newest edition that lacks one.
// Files that are known already change nothing. An edition never replaces another: a newer one
// stays beside the old.
//
// It returns a *[Refused] for a file that is not one of the documents, and a *[policy.Denied]; then
// nothing is changed.
func (s *Service) Import(ctx context.Context, actor policy.Actor, files ...official.File) (Result, error) {
	permit, err := s.guard.Act(ctx, actor, ActImport, register, true)
	if err != nil {
		return Result{}, err
	}
	parsed, err := official.ParseFiles(files...)
	if err != nil {
		return Result{}, err
	}
	var out Result
	keep := func() error {
		return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			i := &importing{tx: tx, q: guidelinedb.New(tx), permit: permit, files: files}
			var err error
			if parsed.Pathway != nil {
				out, err = i.pathway(ctx, parsed.Pathway)
			} else {
				out, err = i.list(ctx, parsed.Recommendations)
			}
			return err
		})
	}
	err = keep()
	if errors.Is(err, store.ErrExists) {
		// Somebody imported at the same moment and took the id; theirs is known by now.
		err = keep()
	}
	return out, err
}

// importing is one import inside its transaction.
type importing struct {
	tx     *store.Tx
	q      *guidelinedb.Queries
	permit audit.Permit
	files  []official.File
}

func fileOf(v *official.Version, kind official.FileKind) *official.SourceFile {
	for i := range v.Files {
		if v.Files[i].Kind == kind {
			return &v.Files[i]
		}
	}
	return nil
}

// pathway keeps a pathway, with the list of who should act if that came with it.
func (i *importing) pathway(ctx context.Context, v *official.Version) (Result, error) {
	list := fileOf(v, official.RecommendationsFile)
	known, err := i.q.VersionsWithFile(ctx, guidelinedb.VersionsWithFileParams{
		Sha256: fileOf(v, official.PathwayFile).SHA256, Kind: string(official.PathwayFile),
	})
	if err != nil {
		return Result{}, err
	}
	var same, lacking *guidelinedb.GuidelineVersion
	for _, k := range known {
		row, err := i.q.VersionByID(ctx, k.ID)
		if err != nil {
			return Result{}, err
		}
		has, err := i.listOf(ctx, k.ID)
		switch {
		case err != nil:
			return Result{}, err
		case same == nil && (list == nil || has == list.SHA256):
			same = &row
		case lacking == nil && has == "":
			lacking = &row
		}
	}
	switch {
	case same != nil:
		return i.again(ctx, *same, v)
	case lacking != nil:
		return i.change(ctx, *lacking, v, Attached, *list)
	}
	return i.add(ctx, v)
}

// listOf is the fingerprint of an edition's list of who should act, "" when it has none.
func (i *importing) listOf(ctx context.Context, id string) (string, error) {
	files, err := i.q.FilesOf(ctx, id)
	for _, f := range files {
		if official.FileKind(f.Kind) == official.RecommendationsFile {
			return f.Sha256, err
		}
	}
	return "", err
}

// list keeps a list of who should act that came alone.
func (i *importing) list(ctx context.Context, r *official.Recommendations) (Result, error) {
	known, err := i.q.VersionsWithFile(ctx, guidelinedb.VersionsWithFileParams{Sha256: r.File.SHA256, Kind: string(official.RecommendationsFile)})
	if err != nil {
		return Result{}, err
	}
	lacking, err := i.q.NewestVersionWithout(ctx, string(official.RecommendationsFile))
	none := errors.Is(err, sql.ErrNoRows)
	if err != nil && !none {
		return Result{}, err
	}
	if len(known) > 0 && (none || later(known[0].Updated, known[0].Number, lacking.Updated, lacking.Number)) {
		// It stands already in an edition that is newer than the newest without a list.
		row, err := i.q.VersionByID(ctx, known[0].ID)
		if err != nil {
			return Result{}, err
		}
		return i.unchanged(row)
	}
	if none {
		return Result{}, i.noPlace(ctx, r)
	}
	row, err := i.q.VersionByID(ctx, lacking.ID)
	if err != nil {
		return Result{}, err
	}
	old, err := storedOf(row)
	if err != nil {
		return Result{}, err
	}
	return i.change(ctx, row, official.Attach(old.Version, r), Attached, r.File)
}

func later(updated string, number int64, thanUpdated string, thanNumber int64) bool {
	return updated > thanUpdated || updated == thanUpdated && number > thanNumber
}

func (i *importing) noPlace(ctx context.Context, r *official.Recommendations) error {
	_, err := i.q.NewestVersion(ctx)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return &official.Refused{File: r.File.Name, Line: 1, Reason: "this is the list of who should act alone, and no pathway overview has been imported yet that it could belong to; import both together"}
	case err != nil:
		return err
	}
	return &official.Refused{File: r.File.Name, Line: 1, Reason: "every imported version has its list of who should act already, and none of them is this one; import it together with its pathway overview"}
}

// add keeps a new edition.
func (i *importing) add(ctx context.Context, v *official.Version) (Result, error) {
	updated := v.Updated.String()
	last, err := i.q.LastNumber(ctx, updated)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Result{}, err
	}
	id, number := updated, last+1
	if number > 1 {
		id = fmt.Sprintf("%s-%d", updated, number)
	}
	content, err := json.Marshal(v)
	if err != nil {
		return Result{}, fmt.Errorf("writing version %s down: %w", id, err)
	}
	err = i.q.InsertVersion(ctx, guidelinedb.InsertVersionParams{
		ID: id, Updated: updated, Number: number, Title: v.Title, Content: string(content),
		ImportedAt: i.tx.Now(), ImportedBy: i.permit.Actor().Account,
	})
	if err != nil {
		return Result{}, err
	}
	for _, f := range v.Files {
		if err := i.addFile(ctx, id, f); err != nil {
			return Result{}, err
		}
	}
	return i.done(id, v, Imported)
}

func (i *importing) addFile(ctx context.Context, id string, f official.SourceFile) error {
	return i.q.InsertFile(ctx, guidelinedb.InsertFileParams{
		VersionID: id, Kind: string(f.Kind), Name: f.Name, Sha256: f.SHA256, Lines: int64(f.Lines),
		ImportedAt: i.tx.Now(), ImportedBy: i.permit.Actor().Account,
	})
}

// change replaces what an edition says, with the files that are new to it.
func (i *importing) change(ctx context.Context, row guidelinedb.GuidelineVersion, v *official.Version, o Outcome, added ...official.SourceFile) (Result, error) {
	content, err := json.Marshal(v)
	if err != nil {
		return Result{}, fmt.Errorf("writing version %s down: %w", row.ID, err)
	}
	err = store.Changed(i.q.SetContent(ctx, guidelinedb.SetContentParams{
		ID: row.ID, Content: string(content), Title: v.Title, Revision: row.Revision,
	}))
	if err != nil {
		return Result{}, err
	}
	for _, f := range added {
		if err := i.addFile(ctx, row.ID, f); err != nil {
			return Result{}, err
		}
	}
	return i.done(row.ID, v, o)
}

// again is the import of known files. An earlier release may have read them less well; what is
// compared is what they say under the names they were first imported by.
func (i *importing) again(ctx context.Context, row guidelinedb.GuidelineVersion, v *official.Version) (Result, error) {
	old, err := storedOf(row)
	if err != nil {
		return Result{}, err
	}
	if len(old.Version.Files) != len(v.Files) {
		return i.unchanged(row) // the pathway alone, of an edition that has its list as well
	}
	files := slices.Clone(i.files)
	for j := range files {
		for _, f := range old.Version.Files {
			if f.SHA256 == official.Fingerprint(files[j].Data) {
				files[j].Name = f.Name
			}
		}
	}
	v, err = official.Parse(files...)
	if err != nil {
		return Result{}, err
	}
	content, err := json.Marshal(v)
	if err != nil {
		return Result{}, fmt.Errorf("writing version %s down: %w", row.ID, err)
	}
	if string(content) == row.Content || v.Updated != old.Version.Updated {
		return i.unchanged(row)
	}
	return i.change(ctx, row, v, Reread)
}

func (i *importing) unchanged(row guidelinedb.GuidelineVersion) (Result, error) {
	v, err := storedOf(row)
	if err != nil {
		return Result{}, err
	}
	return Result{Version: row.ID, Updated: v.Version.Updated, Outcome: Unchanged, Warnings: v.Version.Warnings}, nil
}

func (i *importing) done(id string, v *official.Version, o Outcome) (Result, error) {
	err := i.permit.Append(i.tx, ActImport, string(o), audit.Subject{Kind: subjectKind, ID: id})
	return Result{Version: id, Updated: v.Updated, Outcome: o, Warnings: v.Warnings}, err
}
