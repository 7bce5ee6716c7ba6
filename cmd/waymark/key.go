package main

import (
	"errors"
	"fmt"

	"waymark/internal/platform/store"
)

type keyCommand struct {
	New     keyNewCommand     `cmd:"" help:"Print a new key with those in use behind it, for a key that is not kept in a file."`
	Renew   keyRenewCommand   `cmd:"" help:"Renew the deployment's key while work goes on."`
	Forget  keyForgetCommand  `cmd:"" help:"Drop the older keys, once nothing lies under them."`
	Agency  keyAgencyCommand  `cmd:"" help:"Renew the key that seals an agency's confidential fields."`
	Destroy keyDestroyCommand `cmd:"" help:"Destroy that key: what is sealed for the agency can never be read again."`
}

type keyNewCommand struct {
	First bool `help:"The first key of a deployment, with none behind it."`
}

func (c keyNewCommand) Run(s *shell) error {
	if c.First {
		key, err := store.NewKey()
		if err == nil {
			_, err = fmt.Fprint(s.out, key.Text())
		}
		return err
	}
	p, err := s.place()
	if err != nil {
		return err
	}
	key, err := p.key(s.ctx, opening{})
	if err != nil {
		return err
	}
	if key, err = key.Renewed(); err == nil {
		_, err = fmt.Fprint(s.out, key.Text())
	}
	return err
}

type keyRenewCommand struct{}

// Run puts a new key in front of the others, unless the key is kept elsewhere
// and that was done there, and brings the deployment under it.
func (keyRenewCommand) Run(s *shell) error {
	p, err := s.place()
	if err != nil {
		return err
	}
	key, err := p.prepare(s.ctx, opening{})
	if err != nil {
		return err
	}
	source, err := p.keySource()
	if err != nil {
		return err
	}
	if !source.given() {
		if key, err = key.Renewed(); err != nil {
			return err
		}
		// In front of the old ones, which still open everything: from here on
		// it may stop at any point and be run again.
		if err := key.Replace(source.path); err != nil {
			return err
		}
	}
	n, err := s.rewrap()
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%d keys now lie under the new key.\n", n)
	if p.URL != "" {
		return nil
	}
	switch done, err := store.RekeyFile(s.ctx, p.Dir, key); {
	case errors.Is(err, store.ErrInUse):
		_, err = fmt.Fprintln(s.out, "The database file is in use. It is written anew under the new key at the next start of \"waymark serve\".")
		return err
	case err != nil || !done:
		return err
	}
	_, err = fmt.Fprintln(s.out, "The database file was written anew under the new key.")
	return err
}

func (s *shell) rewrap() (n int, err error) {
	w, err := s.open(false)
	if err != nil {
		return 0, err
	}
	n, err = w.keyring.Renew(s.ctx, s.operator())
	return n, errors.Join(err, w.close())
}

type keyForgetCommand struct {
	Keep string `help:"File to keep the older keys in: backups taken before need them." required:"" placeholder:"FILE" type:"path"`
}

func (c keyForgetCommand) Run(s *shell) (err error) {
	p, err := s.place()
	if err != nil {
		return err
	}
	source, err := p.keySource()
	if err != nil {
		return err
	}
	key, err := p.prepare(s.ctx, opening{})
	if err != nil {
		return err
	}
	if key.Older() == 0 {
		_, err := fmt.Fprintln(s.out, "There is no older key.")
		return err
	}
	w, err := s.open(false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	n, err := w.db.UnderOlder(s.ctx)
	if err != nil {
		return err
	}
	if n > 0 {
		return fmt.Errorf("%w: %d things still lie under an older key; run \"waymark keys renew\", or start \"waymark serve\" anew, first", errRefused, n)
	}
	if err := p.apart(c.Keep); err != nil {
		return err
	}
	if err := key.Save(c.Keep); err != nil {
		return fmt.Errorf("%w: %w", errRefused, err)
	}
	if source.given() {
		_, err := fmt.Fprintf(s.out, "All keys are kept in %s. Remove all but the first line from %s.\n", c.Keep, source)
		return err
	}
	if err := key.Alone().Replace(source.path); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "The older keys are gone from %s. %s opens the backups taken before; keep it as long as those.\n", source, c.Keep)
	return err
}

type keyAgencyCommand struct {
	Agency string `arg:"" help:"Code of the agency."`
}

func (c keyAgencyCommand) Run(s *shell) error {
	return s.withAgency(c.Agency, func(w *waymark, id string) error {
		if err := w.keyring.RenewAgency(s.ctx, s.operator(), id); err != nil {
			return err
		}
		_, err := fmt.Fprintf(s.out, "What %s seals from now on lies under a new key.\n", c.Agency)
		return err
	})
}

type keyDestroyCommand struct {
	Agency  string `arg:"" help:"Code of the agency."`
	Reason  string `help:"Code of the decision, such as retention/2026-041; it goes into the ledger." required:"" placeholder:"CODE"`
	Confirm string `help:"The code of the agency once more." required:"" placeholder:"AGENCY"`
}

func (c keyDestroyCommand) Run(s *shell) error {
	if c.Confirm != c.Agency {
		return fmt.Errorf("%w: --confirm must repeat the code of the agency", errUsage)
	}
	return s.withAgency(c.Agency, func(w *waymark, id string) error {
		if err := w.keyring.DestroyAgency(s.ctx, s.operator(), id, c.Reason); err != nil {
			return err
		}
		_, err := fmt.Fprintf(s.out, "The key of %s is destroyed. Backups from before still hold it: destroy those too.\n", c.Agency)
		return err
	})
}

// withAgency opens the deployment and finds an agency by its code.
func (s *shell) withAgency(code string, fn func(w *waymark, id string) error) (err error) {
	w, err := s.open(false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	agency, err := w.directory.AgencyByCode(s.ctx, s.operator(), code)
	if err != nil {
		return err
	}
	return fn(w, string(agency.ID))
}
