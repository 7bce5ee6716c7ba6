package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"

	"waymark/internal/platform/store"
)

// keyVariable holds the key itself, for places that hand secrets over in the
// environment.
const keyVariable = "WAYMARK_KEY_TEXT"

// keySource is where the deployment's key comes from: a file, which this
// program makes and renews, or a place that only gives it.
type keySource struct {
	path    string
	text    string
	command string
}

func (p place) keySource() (keySource, error) {
	if p.KeyText != "" || p.KeyCommand != "" {
		if p.Key != "" || p.KeyText != "" && p.KeyCommand != "" {
			return keySource{}, fmt.Errorf("%w: the key comes from one place: --key, --key-command or %s", errUsage, keyVariable)
		}
		return keySource{text: p.KeyText, command: p.KeyCommand}, nil
	}
	path, err := p.keyPath()
	return keySource{path: path}, err
}

// given tells whether the key is somebody else's to make and keep.
func (k keySource) given() bool { return k.path == "" }

func (k keySource) String() string {
	switch {
	case k.text != "":
		return "what " + keyVariable + " holds"
	case k.command != "":
		return "what --key-command prints"
	}
	return k.path
}

// read reads the key. It returns an error that wraps fs.ErrNotExist when there
// is no file.
func (k keySource) read(ctx context.Context) (store.Key, error) {
	if !k.given() {
		return store.ReadKey(k.path)
	}
	text := k.text
	if k.command != "" {
		// The operator's own line, for a key management service.
		cmd := exec.CommandContext(ctx, "/bin/sh", "-c", k.command) //nolint:gosec // see above
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			return store.Key{}, fmt.Errorf("%w: the command of --key-command: %w", store.ErrWrongKey, err)
		}
		text = string(out)
	}
	key, err := store.ParseKey(text)
	if err != nil {
		return key, fmt.Errorf("%w: %s: %w", store.ErrWrongKey, k, err)
	}
	return key, nil
}

// key reads the key of the deployment, or makes it with a new one.
func (p place) key(ctx context.Context, o opening) (store.Key, error) {
	source, err := p.keySource()
	if err != nil {
		return store.Key{}, err
	}
	if source.given() {
		return source.read(ctx)
	}
	if err := p.apart(source.path); err != nil {
		return store.Key{}, err
	}
	key, err := source.read(ctx)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	there, err := p.hasData()
	if err != nil {
		return store.Key{}, err
	}
	if there {
		return store.Key{}, fmt.Errorf("%w: there is data, but no key at %s; give the key's place with --key", store.ErrWrongKey, source)
	}
	if !o.create {
		return store.Key{}, fmt.Errorf("%w: there is no key at %s", errNotSetUp, source)
	}
	key, err = store.CreateKey(source.path)
	if err == nil && o.notes != nil {
		fmt.Fprintf(o.notes, "A new key was made: %s\nKeep a copy of it in another place than the data. A backup without the key is worthless,\nand nobody can make the key again.\n", source)
	}
	return key, err
}
