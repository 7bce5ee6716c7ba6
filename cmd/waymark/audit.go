package main

import (
	"errors"
	"fmt"
)

type auditCommand struct {
	Verify auditVerifyCommand `cmd:"" help:"Read the whole ledger and check that nothing was altered or removed."`
}

type auditVerifyCommand struct{}

func (auditVerifyCommand) Run(s *shell) (err error) {
	w, err := s.open(false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	report, err := w.guard.Verify(s.ctx)
	if err != nil {
		return err
	}
	for _, fault := range report.Faults {
		fmt.Fprintln(s.errs, fault)
	}
	if len(report.Faults) > 0 {
		return errFaults
	}
	_, err = fmt.Fprintf(s.out, "The ledger is whole: %d entries, %d heads kept along the way.\nHead: %d %s\n",
		report.Head.Size, report.Heads, report.Head.Size, report.Head.Root)
	return err
}

type migrateCommand struct{}

func (migrateCommand) Run(s *shell) (err error) {
	w, err := s.open(true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	_, err = fmt.Fprintln(s.out, "The tables are up to date.")
	return err
}
