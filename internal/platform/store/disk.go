package store

import (
	"errors"
	"syscall"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/util/vfsutil"
	"github.com/ncruces/go-sqlite3/vfs"
	"github.com/ncruces/go-sqlite3/vfs/adiantum"
)

// fileSystem is the name under which SQLite finds the encrypted files.
const fileSystem = "waymark"

func init() {
	vfs.Register(fileSystem, adiantum.Wrap(&disk{vfs.Find("")}, nil))
}

// disk says of a full disk that it is full. The driver looks for that in the
// wrong place and calls it an I/O error, as if the disk were failing: to people
// that is another message, and another thing to do.
type disk struct{ vfs.VFS }

// Open implements [vfs.VFS].
func (d *disk) Open(name string, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	file, flags, err := d.VFS.Open(name, flags)
	return onDisk(file, flags, err)
}

// OpenFilename implements [vfs.VFSFilename].
func (d *disk) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	file, flags, err := vfsutil.WrapOpenFilename(d.VFS, name, flags)
	return onDisk(file, flags, err)
}

func onDisk(file vfs.File, flags vfs.OpenFlag, err error) (vfs.File, vfs.OpenFlag, error) {
	if err != nil {
		return nil, flags, full(err)
	}
	return &diskFile{file}, flags, nil
}

// full gives an error for want of room its code.
func full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return vfs.SystemError(err, sqlite3.FULL)
	}
	return err
}

// diskFile is a file of it. What it does not change it hands on: SQLite asks for
// each of these only where it finds the method.
type diskFile struct{ vfs.File }

func (f *diskFile) WriteAt(p []byte, off int64) (int, error) {
	n, err := f.File.WriteAt(p, off)
	return n, full(err)
}

func (f *diskFile) Sync(flags vfs.SyncFlag) error  { return full(f.File.Sync(flags)) }
func (f *diskFile) SizeHint(size int64) error      { return full(vfsutil.WrapSizeHint(f.File, size)) }
func (f *diskFile) Unwrap() vfs.File               { return f.File }
func (f *diskFile) SharedMemory() vfs.SharedMemory { return vfsutil.WrapSharedMemory(f.File) }
func (f *diskFile) LockState() vfs.LockLevel       { return vfsutil.WrapLockState(f.File) }
func (f *diskFile) PersistWAL() bool               { return vfsutil.WrapPersistWAL(f.File) }
func (f *diskFile) SetPersistWAL(keep bool)        { vfsutil.WrapSetPersistWAL(f.File, keep) }
func (f *diskFile) ChunkSize(size int)             { vfsutil.WrapChunkSize(f.File, size) }
func (f *diskFile) HasMoved() (bool, error)        { return vfsutil.WrapHasMoved(f.File) }
func (f *diskFile) Overwrite() error               { return vfsutil.WrapOverwrite(f.File) }
func (f *diskFile) SyncSuper(super string) error   { return vfsutil.WrapSyncSuper(f.File, super) }

func (f *diskFile) CommitPhaseTwo() error { return vfsutil.WrapCommitPhaseTwo(f.File) }

func (f *diskFile) BeginAtomicWrite() error { return vfsutil.WrapBeginAtomicWrite(f.File) }

func (f *diskFile) CommitAtomicWrite() error { return vfsutil.WrapCommitAtomicWrite(f.File) }

func (f *diskFile) RollbackAtomicWrite() error      { return vfsutil.WrapRollbackAtomicWrite(f.File) }
func (f *diskFile) CheckpointStart()                { vfsutil.WrapCheckpointStart(f.File) }
func (f *diskFile) CheckpointDone()                 { vfsutil.WrapCheckpointDone(f.File) }
func (f *diskFile) BusyHandler(handler func() bool) { vfsutil.WrapBusyHandler(f.File, handler) }

func (f *diskFile) Pragma(name, v string) (string, error) { return vfsutil.WrapPragma(f.File, name, v) }
