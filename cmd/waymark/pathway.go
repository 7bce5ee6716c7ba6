package main

import (
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"waymark/internal/casework/pathway"
	"waymark/internal/platform/store"
)

type pathwayCommand struct {
	Check pathwayCheckCommand `cmd:"" help:"Say everything that keeps a file from being published as a local pathway. Exit code 0: it can be; 4: it cannot. Nothing is changed."`
	Add   pathwayAddCommand   `cmd:"" help:"Publish a local pathway, or the next version of one: it is followed from then on."`
	List  pathwayListCommand  `cmd:"" help:"List the local pathways that are followed."`
	Show  pathwayShowCommand  `cmd:"" help:"Write a local pathway to standard output, as it was published."`

	Coverage pathwayCoverageCommand `cmd:"" help:"Walk made-up people through the local pathways and the services of the area, and list who reaches no service."`
	Export   pathwayExportCommand   `cmd:"" help:"Write a local pathway to standard output for other programs."`
}

// sayPathwayProblems says what keeps a file from being published, a line each.
func (s *shell) sayPathwayProblems(err error) {
	var problems pathway.Problems
	if errors.As(err, &problems) {
		for _, p := range problems {
			fmt.Fprintf(s.out, "refused: %s %s\n", p.At, p.What)
		}
	}
}

type pathwayCheckCommand struct {
	File string `arg:"" help:"Local pathway, as JSON." type:"path"`
}

func (c pathwayCheckCommand) Run(s *shell) (err error) {
	data, err := readForm(c.File)
	if err != nil {
		return err
	}
	w, err := s.open(true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	d, err := w.pathways.Check(data)
	if err != nil {
		s.sayPathwayProblems(err)
		return fmt.Errorf("%w: %s cannot be published as it is", errRefused, c.File)
	}
	_, err = fmt.Fprintf(s.out, "%s can be published: %s, %d steps\n", d.ID, d.Title, len(d.Steps))
	return err
}

type pathwayAddCommand struct {
	File string `arg:"" help:"Local pathway, as JSON." type:"path"`
}

func (c pathwayAddCommand) Run(s *shell) (err error) {
	data, err := readForm(c.File)
	if err != nil {
		return err
	}
	w, err := s.open(true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	d, err := w.pathways.Check(data)
	if err != nil {
		s.sayPathwayProblems(err)
		return fmt.Errorf("%w: %s cannot be published as it is", errRefused, c.File)
	}
	var after int64
	versions, err := w.pathways.Versions(s.ctx, s.operator(), d.ID)
	switch {
	case errors.Is(err, store.ErrNotFound):
	case err != nil:
		return err
	default:
		after = versions[0].Number
	}
	v, err := w.pathways.Publish(s.ctx, s.operator(), data, after)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "%s: version %d is followed from now on\n", d.ID, v.Number)
	return err
}

type pathwayListCommand struct{}

func (pathwayListCommand) Run(s *shell) (err error) {
	w, err := s.open(true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	all, err := w.pathways.List(s.ctx, s.operator())
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "PATHWAY\tVERSION\tFOR\tSTEPS\tPUBLISHED\tTITLE")
	for _, v := range all {
		version, published := "ships", "with Waymark"
		if !v.Ships() {
			version, published = fmt.Sprint(v.Number), v.PublishedAt.Format("2006-01-02 15:04")
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%s\t%s\n", v.Document.ID, version, v.Document.For, len(v.Document.Steps), published, v.Document.Title)
	}
	return t.Flush()
}

type pathwayShowCommand struct {
	Pathway string `arg:"" help:"Pathway, as listed." placeholder:"PATHWAY"`
	Version int64  `help:"Version to write; the newest if it is not given, 0 the one that ships." default:"-1"`
}

func (c pathwayShowCommand) Run(s *shell) error {
	v, err := s.pathwayVersion(c.Pathway, c.Version)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, strings.TrimSuffix(v.Text, "\n"))
	return err
}

// pathwayVersion is a version of a pathway; with a negative number, the newest.
func (s *shell) pathwayVersion(id string, number int64) (found pathway.Version, err error) {
	w, err := s.open(true)
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	versions, err := w.pathways.Versions(s.ctx, s.operator(), id)
	if err != nil {
		return found, fmt.Errorf("pathway %s: %w", id, err)
	}
	for _, v := range versions {
		if number < 0 || v.Number == number {
			return v, nil
		}
	}
	return found, fmt.Errorf("pathway %s, version %d: %w", id, number, store.ErrNotFound)
}

type pathwayExportCommand struct {
	Pathway string `arg:"" help:"Pathway, as listed." placeholder:"PATHWAY"`
	Format  string `help:"fhir is a PlanDefinition of FHIR R4 (JSON), bpmn is BPMN 2.0 (XML)." enum:"fhir,bpmn" default:"fhir"`
	Version int64  `help:"Version to write; the newest if it is not given, 0 the one that ships." default:"-1"`
}

func (c pathwayExportCommand) Run(s *shell) error {
	v, err := s.pathwayVersion(c.Pathway, c.Version)
	if err != nil {
		return err
	}
	write := v.FHIR
	if c.Format == "bpmn" {
		write = v.BPMN
	}
	data, err := write()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, strings.TrimSuffix(string(data), "\n"))
	return err
}

type pathwayCoverageCommand struct{}

func (pathwayCoverageCommand) Run(s *shell) (err error) {
	w, err := s.open(true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	found, err := w.pathways.Coverage(s.ctx, s.operator())
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%d of %d made-up people reach no service for at least one step\n", found.Left, found.People)
	if len(found.Gaps) == 0 {
		return nil
	}
	t := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "PATHWAY FOR\tSTEP\tPEOPLE\tWHO\tKINDS OF SERVICE")
	for _, g := range found.Gaps {
		step := g.Step.ID
		if step == "" {
			step = "no pathway"
		}
		fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%s\n", g.Side, step, g.People, g.Who(), g.Step.Who())
	}
	return t.Flush()
}
