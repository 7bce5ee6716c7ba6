package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
)

type auditCommand struct {
	Verify auditVerifyCommand `cmd:"" help:"Read the whole ledger and check that nothing was altered or removed."`
	Head   auditHeadCommand   `cmd:"" help:"Print a signed head of the ledger, for a witness to keep."`
	Prove  auditProveCommand  `cmd:"" help:"Print a proof that an entry is in the ledger, for somebody who cannot read it."`
	Check  auditCheckCommand  `cmd:"" help:"Check a proof. Needs the public key only, no data."`
	Export auditExportCommand `cmd:"" help:"Print the entries, a line of JSON each. They hold identifiers and codes, no names."`
}

type auditVerifyCommand struct {
	Witness string `help:"File of signed heads that a witness kept: each must be a head of this ledger." type:"existingfile" placeholder:"FILE"`
}

func (c auditVerifyCommand) Run(s *shell) error {
	return s.withSigner(func(w *waymark, signer *audit.Signer) error {
		var heads []audit.Head
		if c.Witness != "" {
			text, err := os.ReadFile(c.Witness)
			if err != nil {
				return err
			}
			if heads, err = signer.ReadHeads(text); err != nil {
				return fmt.Errorf("%w: %w", errFaults, err)
			}
		}
		report, err := w.guard.Verify(s.ctx, heads...)
		if err != nil {
			return err
		}
		for _, fault := range report.Faults {
			fmt.Fprintln(s.errs, fault)
		}
		if len(report.Faults) > 0 {
			if report.First >= 0 {
				return fmt.Errorf("%w: the first bad entry is %d", errFaults, report.First)
			}
			return errFaults
		}
		_, err = fmt.Fprintf(s.out, "The ledger is whole: %d entries, %d heads kept along the way.\nHead: %d %s\n",
			report.Head.Size, report.Heads, report.Head.Size, report.Head.Root)
		return err
	})
}

type auditHeadCommand struct {
	Witness string `help:"Add it to this file instead of printing it." type:"path" placeholder:"FILE"`
}

func (c auditHeadCommand) Run(s *shell) error {
	return s.withSigner(func(w *waymark, signer *audit.Signer) error {
		signed, err := w.guard.SignedHead(s.ctx, s.operator(), signer)
		if err != nil {
			return err
		}
		if c.Witness != "" {
			return addToWitness(c.Witness, signed)
		}
		_, err = fmt.Fprintf(s.out, "%s", audit.Witnessed(signed))
		if err == nil {
			_, err = fmt.Fprintf(s.errs, "Public key: %s\n", signer.Public())
		}
		return err
	})
}

// addToWitness adds a signed head to a file and waits until it is on the disk.
func addToWitness(path string, signed []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644) //nolint:gosec // the operator names it; heads are no secret
	if err != nil {
		return err
	}
	_, err = file.Write(audit.Witnessed(signed))
	return errors.Join(err, file.Sync(), file.Close())
}

type auditProveCommand struct {
	Entry int64 `arg:"" help:"Number of the entry."`
}

func (c auditProveCommand) Run(s *shell) error {
	return s.withSigner(func(w *waymark, signer *audit.Signer) error {
		proof, err := w.guard.ProofFor(s.ctx, s.operator(), signer, c.Entry)
		if err != nil {
			return err
		}
		out := json.NewEncoder(s.out)
		out.SetIndent("", "  ")
		return out.Encode(proof)
	})
}

type auditCheckCommand struct {
	File string `arg:"" help:"The proof." type:"existingfile"`
	Key  string `help:"Public key of the ledger, as \"audit head\" prints it." required:"" placeholder:"KEY" name:"public"`
}

func (c auditCheckCommand) Run(s *shell) error {
	text, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	var proof audit.Proof
	if err := json.Unmarshal(text, &proof); err != nil {
		return fmt.Errorf("%w: %s is no proof: %w", errRefused, c.File, err)
	}
	entry, head, err := proof.Check(c.Key)
	if err != nil {
		return fmt.Errorf("%w: %w", errFaults, err)
	}
	_, err = fmt.Fprintf(s.out, "Entry %d is in the ledger whose head at %d entries was signed at %s:\n%s\n",
		entry.Seq, head.Size, head.At.Format(time.RFC3339), proof.Leaf)
	return err
}

type auditExportCommand struct {
	From int64 `help:"First entry." placeholder:"N"`
	To   int64 `help:"The entry after the last." placeholder:"N"`
}

func (c auditExportCommand) Run(s *shell) error {
	return s.withSigner(func(w *waymark, _ *audit.Signer) error {
		_, err := w.guard.Export(s.ctx, s.operator(), c.From, c.To, s.out)
		return err
	})
}

// withSigner opens the deployment together with the signer of its ledger.
func (s *shell) withSigner(fn func(*waymark, *audit.Signer) error) (err error) {
	w, err := s.open(false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	signer, err := s.signer()
	if err != nil {
		return err
	}
	return fn(w, signer)
}

// signer is the signer of the ledger of the place, which must be set up.
func (s *shell) signer() (*audit.Signer, error) {
	p, err := s.place()
	if err != nil {
		return nil, err
	}
	key, err := p.key(s.ctx, opening{})
	if err != nil {
		return nil, err
	}
	name, err := p.name()
	if err != nil {
		return nil, err
	}
	return audit.NewSigner(key, name)
}

// witness adds a signed head to the file at once, which first tells of, from
// then on every so often, and a last one when the context ends.
func (w *waymark) witness(ctx context.Context, signer *audit.Signer, path string, every time.Duration, first chan<- error, logger *slog.Logger) error {
	add := func(ctx context.Context) error {
		signed, err := w.guard.SignedHead(ctx, policy.Actor{Account: "operator:schedule", Kind: policy.Operator}, signer)
		if err == nil {
			err = addToWitness(path, signed)
		}
		if err != nil {
			return fmt.Errorf("a head for the witness: %w", err)
		}
		return nil
	}
	if err := add(ctx); err != nil {
		first <- err
		return nil
	}
	first <- nil
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return add(context.WithoutCancel(ctx))
		case <-ticker.C:
			if err := add(ctx); err != nil {
				logger.Error(err.Error())
			}
		}
	}
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
