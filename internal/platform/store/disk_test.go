package store

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/util/vfsutil"
	"github.com/ncruces/go-sqlite3/vfs"
	"github.com/ncruces/go-sqlite3/vfs/adiantum"
)

// fullDisk is a disk that has no room as long as it is told so.
type fullDisk struct {
	vfs.VFS
	full atomic.Bool
}

func (d *fullDisk) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	file, flags, err := vfsutil.WrapOpenFilename(d.VFS, name, flags)
	if err != nil {
		return nil, flags, err
	}
	return &fullFile{diskFile{file}, &d.full}, flags, nil
}

type fullFile struct {
	diskFile
	full *atomic.Bool
}

func (f *fullFile) WriteAt(p []byte, off int64) (int, error) {
	if f.full.Load() {
		return 0, &fs.PathError{Op: "write", Path: FileName, Err: syscall.ENOSPC} // as the os package says it
	}
	return f.File.WriteAt(p, off)
}

func TestAFullDiskIsFullAndNotFailing(t *testing.T) {
	under := &fullDisk{VFS: vfs.Find("")}
	vfs.Register("full-test", adiantum.Wrap(&disk{under}, nil))
	defer vfs.Unregister("full-test")
	c, err := sqlite3.OpenContext(context.Background(), "file:"+filepath.ToSlash(filepath.Join(t.TempDir(), FileName))+"?vfs=full-test")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	err = c.Exec("PRAGMA hexkey='e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'; PRAGMA journal_mode=WAL; CREATE TABLE thing (n)")
	if err != nil {
		t.Fatal(err)
	}
	under.full.Store(true)
	if err := translate(c.Exec("INSERT INTO thing VALUES (1)")); !errors.Is(err, ErrFull) {
		t.Errorf("a write on a full disk returns %v", err)
	}
	under.full.Store(false)
	if err := c.Exec("INSERT INTO thing VALUES (2)"); err != nil {
		t.Errorf("with room again: %v", err)
	}
}
