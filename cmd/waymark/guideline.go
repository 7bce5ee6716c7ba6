package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"

	"waymark/internal/platform/store"
	"waymark/internal/registers/guideline"
	"waymark/internal/registers/guideline/official"
)

type guidelineCommand struct {
	Import guidelineImportCommand `cmd:"" help:"Import the official documents: the pathway, the list of who should act, or both together."`
	List   guidelineListCommand   `cmd:"" help:"List the imported versions."`
	Show   guidelineShowCommand   `cmd:"" help:"Show a version."`
	Diff   guidelineDiffCommand   `cmd:"" help:"Compare two versions."`
}

type guidelineImportCommand struct {
	Files []string `arg:"" name:"file" help:"Text files, as they come out of the published documents." type:"path"`
}

func (c guidelineImportCommand) Run(s *shell) (err error) {
	files := make([]official.File, len(c.Files))
	for i, path := range c.Files {
		data, err := os.ReadFile(path) //nolint:gosec // the operator names the files
		if err != nil {
			return fmt.Errorf("%w: %w", errRefused, err)
		}
		files[i] = official.File{Name: filepath.Base(path), Data: data}
	}
	w, err := s.open(true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	result, err := w.guideline.Import(s.ctx, s.operator(), files...)
	if err != nil {
		return err
	}
	for _, warning := range result.Warnings {
		fmt.Fprintln(s.errs, "warning:", warning)
	}
	_, err = fmt.Fprintf(s.out, "%s: %s (last updated %s), %d warnings\n", result.Version, result.Outcome.Label(), result.Updated, len(result.Warnings))
	return err
}

type guidelineListCommand struct{}

func (guidelineListCommand) Run(s *shell) (err error) {
	w, err := s.open(true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	versions, err := w.guideline.List(s.ctx)
	if err != nil {
		return err
	}
	if len(versions) == 0 {
		_, err := fmt.Fprintln(s.out, "No version is imported. Waymark's own plain-English pathway is always there.")
		return err
	}
	t := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "VERSION\tLAST UPDATED\tIMPORTED\tWHO SHOULD ACT\tTITLE")
	for _, v := range versions {
		list := "missing"
		if v.HasRecommendations() {
			list = "yes"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", v.ID, v.Updated, v.ImportedAt.Format("2006-01-02 15:04"), list, v.Title)
	}
	return t.Flush()
}

type guidelineShowCommand struct {
	Version string `arg:"" optional:"" help:"Version, as listed; the newest without it." placeholder:"VERSION"`
	Format  string `help:"${enum}." enum:"text,json" default:"text"`
}

func (c guidelineShowCommand) Run(s *shell) (err error) {
	w, err := s.open(true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	var stored *guideline.Stored
	if c.Version == "" {
		stored, err = w.guideline.Newest(s.ctx)
	} else {
		stored, err = w.guideline.Version(s.ctx, c.Version)
	}
	if err != nil {
		return fmt.Errorf("version %s: %w", c.Version, err)
	}
	if stored == nil {
		return fmt.Errorf("no version is imported yet: %w", store.ErrNotFound)
	}
	if c.Format == "json" {
		e := json.NewEncoder(s.out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(stored.Version)
	}
	v := stored.Version
	fmt.Fprintf(s.out, "%s\nLast updated %s. Version %s, imported %s by %s.\n", v.Title, v.Updated, stored.ID, stored.ImportedAt.Format("2006-01-02 15:04"), stored.ImportedBy)
	for _, b := range v.Boxes {
		n := 0
		for _, section := range b.Sections {
			for i := range section.Items {
				for range section.Items[i].All() {
					n++
				}
			}
		}
		fmt.Fprintf(s.out, "%3d  %s\n     %d sentences; recommendations %v; quality statements %v\n", b.Number, b.Title, n, b.Recommendations, b.Statements)
	}
	_, err = fmt.Fprintf(s.out, "%d recommendations, %d quality statements, %d terms, %d warnings\n", len(v.Recommendations), len(v.Statements), len(v.Glossary), len(v.Warnings))
	return err
}

type guidelineDiffCommand struct {
	Before string `arg:"" help:"The older version."`
	After  string `arg:"" help:"The newer version."`
}

func (c guidelineDiffCommand) Run(s *shell) (err error) {
	w, err := s.open(true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	changes, err := w.guideline.Diff(s.ctx, c.Before, c.After)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, changes.String())
	return err
}
