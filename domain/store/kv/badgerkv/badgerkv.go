// Package badgerkv keeps a kv.Store in a folder on the local disk, with the
// embedded engine Badger. It is the only package that knows Badger.
//
// Decisions that the code alone does not show:
//
//   - Every commit is flushed to the disk before it is acknowledged. Update has
//     one writer at a time, which rules out phantoms and gives commits an order;
//     Append goes beside it and shares flushes (append.go).
//   - All values stay below Badger's value threshold, so they live in its tree,
//     where compaction frees their space, and reading them in order needs no
//     prefetch.
//   - Badger writes through sparse memory-mapped files. When the disk is full,
//     touching such a file kills the process without a chance to recover. So
//     the store stops taking writes well before that (disk.go), and files get
//     their room when they are made (internal/third_party/ristretto).
//   - The engine believes what it finds in its files, so they are verified before
//     it sees them (verify.go, mark.go).
//   - A process killed at the wrong moment leaves an empty log file that Badger
//     refuses to open. Such a file holds nothing and is removed (open.go).
//   - Watchers are told by this package after the commit, not by Badger, which
//     would send values along and lose the rule for slow receivers.
package badgerkv

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dgraph-io/badger/v4"

	"pult/domain/store/kv"
)

// Options say where a store is and how it behaves.
type Options struct {
	// Dir is the data folder; it is made if missing. It must lie on a local
	// disk. Ignored with InMemory.
	Dir string
	// InMemory keeps everything in memory and loses it on Close: for tests.
	InMemory bool
	// FreeFloor is the free disk space in bytes below which writes are refused
	// with kv.ErrReadOnly. 0 means DefaultFreeFloor.
	FreeFloor int64
	// Logger receives what the store and its engine have to say; nil means
	// silence.
	Logger *slog.Logger
	// FreeBytes replaces the question to the operating system how much room a
	// folder has, so that tests can fill the disk; nil means to ask it.
	FreeBytes func(dir string) (int64, error)
}

// Store is a kv.Store on Badger.
type Store struct {
	db      *badger.DB
	marks   *marker // nil in memory
	dir     string  // "" in memory
	log     *slog.Logger
	hub     *kv.Hub
	gate    gate
	writer  chan struct{} // holds a token while an Update runs
	joined  committer
	disk    *diskGuard
	broken  atomic.Bool  // a commit failed halfway; see commit
	commits atomic.Int64 // transactions that wrote something

	stop       context.CancelFunc // ends the background work
	background sync.WaitGroup
	closeOnce  sync.Once
	closeErr   error
}

var _ kv.Store = (*Store)(nil)

// Open opens the store in opts.Dir, making it if there is none. It returns
// kv.ErrLocked if the folder is open already, here or in another process, and a
// *kv.Damage, having changed nothing, if Verify finds one. A store on a disk that
// is nearly full opens and refuses writes.
func Open(opts Options) (*Store, error) {
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	if opts.InMemory {
		db, err := openEngine(engineOptions(opts))
		if err != nil {
			return nil, err
		}
		return newStore(db, nil, opts), nil
	}
	db, marks, err := openFolder(opts)
	if err != nil {
		return nil, err
	}
	s := newStore(db, marks, opts)
	s.dir = opts.Dir
	s.startBackground()
	return s, nil
}

func newStore(db *badger.DB, marks *marker, opts Options) *Store {
	s := &Store{
		db:     db,
		marks:  marks,
		log:    opts.Logger,
		hub:    kv.NewHub(),
		writer: make(chan struct{}, 1),
		disk:   newDiskGuard(opts),
	}
	s.gate.init()
	s.joined.commit = s.commitJoined
	return s
}

// startBackground watches the disk and collects the value log until Close.
func (s *Store) startBackground() {
	s.disk.check()
	ctx, cancel := context.WithCancel(context.Background())
	s.stop = cancel
	s.background.Go(func() { runEvery(ctx, diskPeriod, s.disk.check) })
	s.background.Go(func() { runEvery(ctx, markPeriod, s.saveMarks) })
	s.background.Go(func() { runEvery(ctx, gcPeriod, func() { s.collectValueLog(ctx) }) })
}

// Watch implements kv.Store.
func (s *Store) Watch(ctx context.Context, prefixes ...[]byte) (<-chan kv.Change, error) {
	return s.hub.Watch(ctx, prefixes...)
}

// Info implements kv.Store.
func (s *Store) Info() kv.Info {
	info := kv.Info{
		Engine:   "badger",
		Version:  badgerVersion(),
		Writable: s.checkWritable() == nil,
		Commits:  s.commits.Load(),
	}
	if s.dir == "" {
		return info
	}
	info.BytesUsed = bytesUsed(s.dir)
	info.BytesFree = s.disk.lastFree.Load()
	return info
}

// Close implements kv.Store.
func (s *Store) Close() error {
	s.closeOnce.Do(func() { s.closeErr = s.close() })
	return s.closeErr
}

// close goes from the outside in: no new work, no news, no helpers, no files.
func (s *Store) close() error {
	s.gate.close()
	s.hub.Close()
	if s.stop != nil {
		s.stop()
		s.background.Wait()
		s.disk.check()
	}
	err := s.closeEngine()
	if s.marks != nil {
		err = errors.Join(err, s.marks.close())
	}
	if err != nil {
		return fmt.Errorf("store: close %s: %w", s.dir, err)
	}
	return nil
}

// closeLimit is how long the engine may take to close on a disk that is nearly full.
const closeLimit = 3 * time.Second

// closeEngine closes the engine. It writes what its logs hold into tables then,
// and without room for them it would try for ever. Given up, it is as after a kill:
// the logs have everything, and the next start reads them.
func (s *Store) closeEngine() error {
	closed := make(chan error, 1)
	go func() { closed <- s.db.Close() }()
	var late <-chan time.Time // never, while there is room
	if s.dir != "" && s.disk.low.Load() {
		late = time.After(closeLimit)
	}
	select {
	case err := <-closed:
		return err
	case <-late:
		return fmt.Errorf("%w: no room to close, the logs are kept", kv.ErrReadOnly)
	}
}

// saveMarks is best effort: a note that is behind warns of less, and harms nothing.
func (s *Store) saveMarks() {
	if err := s.marks.save(); err != nil {
		s.log.Warn("store: the note of commits was not flushed", "err", err)
	}
}

// checkWritable returns nil or why writes are refused.
func (s *Store) checkWritable() error {
	if s.broken.Load() {
		return fmt.Errorf("%w: an earlier commit failed, open the store again", kv.ErrReadOnly)
	}
	if s.dir != "" {
		s.disk.check()
	}
	if s.disk.low.Load() {
		return fmt.Errorf("%w: disk nearly full", kv.ErrReadOnly)
	}
	return nil
}

// badgerVersion is the version of the module this program was built with.
var badgerVersion = sync.OnceValue(func() string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return "v4"
	}
	for _, dep := range build.Deps {
		if dep.Path == "github.com/dgraph-io/badger/v4" {
			return dep.Version
		}
	}
	return "v4"
})

// bytesUsed adds up what the files of a folder occupy. A file that vanishes
// meanwhile, as compacted ones do, counts nothing.
func bytesUsed(dir string) int64 {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0
	}
	var sum int64
	for _, entry := range entries {
		if info, err := os.Stat(filepath.Join(dir, entry.Name())); err == nil {
			sum += bytesOnDisk(info)
		}
	}
	return sum
}
