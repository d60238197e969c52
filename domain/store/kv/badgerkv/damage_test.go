package badgerkv_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pult/domain/store/kv"
	"pult/domain/store/kv/badgerkv"
)

// damages is how many folders are damaged; PULT_DAMAGE=300 for a thorough run.
func damages(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv("PULT_DAMAGE"))
	if err != nil {
		return len(injuries)
	}
	return n
}

// patient is a store's folder to be damaged.
type patient struct {
	dir    string
	digest string // of all that was acknowledged
}

// newPatients makes the folder of a store at three moments: early on, killed in
// the middle of its work, and closed.
func newPatients(t *testing.T) (early, killed, closed patient) {
	t.Helper()
	root := t.TempDir()
	live := filepath.Join(root, "live")
	content := rand.New(rand.NewPCG(1, 2))
	var s *badgerkv.Store
	snapshot := func(name string) patient {
		p := patient{dir: filepath.Join(root, name), digest: digestOf(t, s)}
		copyStore(t, live, p.dir)
		return p
	}
	for life := range 9 { // each leaves a table of the first level, and in the end some are joined in others
		var err error
		if s, err = badgerkv.Open(badgerkv.Options{Dir: live}); err != nil {
			t.Fatal(err)
		}
		for i := range 30 {
			value := make([]byte, content.IntN(6000))
			for j := range value {
				value[j] = byte(content.Uint32())
			}
			put(t, s, fmt.Sprintf("life/%d/%d", life, i), string(value))
			if err := s.Append(t.Context(), fmt.Appendf(nil, "journal/%d/%d", life, i), value); err != nil {
				t.Fatal(err)
			}
		}
		switch life {
		case 2:
			early = snapshot("early")
		case 8:
			killed = snapshot("killed")
			closed = patient{dir: filepath.Join(root, "closed"), digest: killed.digest}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	copyStore(t, live, closed.dir)
	return early, killed, closed
}

// copyStore copies a folder and the note beside it; long runs of zeros stay holes.
func copyStore(t testing.TB, from, to string) {
	t.Helper()
	if err := os.MkdirAll(to, 0o700); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.Name() != "LOCK" { // Windows lets nobody read it while the store is open
			copyFile(t, filepath.Join(from, entry.Name()), filepath.Join(to, entry.Name()))
		}
	}
	copyFile(t, from+".mark", to+".mark")
}

func copyFile(t testing.TB, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	err = f.Truncate(int64(len(b)))
	for at := 0; at < len(b); at += 1 << 16 {
		piece := b[at:min(at+1<<16, len(b))]
		if len(bytes.Trim(piece, "\x00")) > 0 && err == nil {
			_, err = f.WriteAt(piece, int64(at))
		}
	}
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

// injury damages one file of a folder and says what it did.
type injury struct {
	name string
	do   func(random *rand.Rand, file, other, older string) error
}

func rewrite(file string, change func([]byte) []byte) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return os.WriteFile(file, change(b), 0o600)
}

// used is how much of a file is more than room for later.
func used(b []byte) int { return max(1, len(bytes.TrimRight(b, "\x00"))) }

// folderOf is the store's folder of one of its files, or of the note beside it.
func folderOf(file string) string {
	if dir, beside := strings.CutSuffix(file, ".mark"); beside {
		return dir
	}
	return filepath.Dir(file)
}

func garbage(random *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(random.Uint32())
	}
	return b
}

var injuries = []injury{
	{"a bit flipped", func(random *rand.Rand, file, _, _ string) error {
		return rewrite(file, func(b []byte) []byte {
			if len(b) > 0 {
				b[random.IntN(min(len(b), used(b)))] ^= 1 << random.IntN(8)
			}
			return b
		})
	}},
	{"sixteen bytes flipped", func(random *rand.Rand, file, _, _ string) error {
		return rewrite(file, func(b []byte) []byte {
			at := random.IntN(used(b))
			for i := at; i < min(at+16, len(b)); i++ {
				b[i] ^= 0xff
			}
			return b
		})
	}},
	{"cut", func(random *rand.Rand, file, _, _ string) error {
		return rewrite(file, func(b []byte) []byte { return b[:random.IntN(min(len(b), used(b))+1)] })
	}},
	{"cut by a few bytes", func(random *rand.Rand, file, _, _ string) error {
		return rewrite(file, func(b []byte) []byte {
			return b[:max(0, min(len(b), used(b))-1-random.IntN(40))]
		})
	}},
	{"emptied", func(_ *rand.Rand, file, _, _ string) error { return os.WriteFile(file, nil, 0o600) }},
	{"deleted", func(_ *rand.Rand, file, _, _ string) error { return os.Remove(file) }},
	{"a page zeroed", func(random *rand.Rand, file, _, _ string) error {
		return rewrite(file, func(b []byte) []byte {
			at := random.IntN(used(b)) &^ 4095
			clear(b[at:min(at+4096, len(b))])
			return b
		})
	}},
	{"all zeroed", func(_ *rand.Rand, file, _, _ string) error {
		return rewrite(file, func(b []byte) []byte { clear(b); return b })
	}},
	{"garbage of its length", func(random *rand.Rand, file, _, _ string) error {
		return rewrite(file, func(b []byte) []byte { return garbage(random, len(b)) })
	}},
	{"garbage in the middle", func(random *rand.Rand, file, _, _ string) error {
		return rewrite(file, func(b []byte) []byte {
			copy(b[random.IntN(used(b)):], garbage(random, 1+random.IntN(900)))
			return b
		})
	}},
	{"a few bytes of garbage", func(random *rand.Rand, file, _, _ string) error {
		return os.WriteFile(file, garbage(random, 1+random.IntN(60)), 0o600)
	}},
	{"garbage behind its end", func(random *rand.Rand, file, _, _ string) error {
		return rewrite(file, func(b []byte) []byte { return append(b, garbage(random, 1+random.IntN(3000))...) })
	}},
	{"garbage behind what is used", func(random *rand.Rand, file, _, _ string) error {
		return rewrite(file, func(b []byte) []byte {
			copy(b[min(len(b), used(b)):], garbage(random, 300))
			return b
		})
	}},
	{"swapped with another", func(_ *rand.Rand, file, other, _ string) error {
		const aside = "aside"
		if file == other {
			return os.Truncate(file, 1)
		}
		dir := filepath.Dir(file)
		return errors.Join(
			os.Rename(file, filepath.Join(dir, aside)),
			os.Rename(other, file),
			os.Rename(filepath.Join(dir, aside), other))
	}},
	{"a copy of another", func(_ *rand.Rand, file, other, _ string) error {
		b, err := os.ReadFile(other)
		return errors.Join(err, os.WriteFile(file, b, 0o600))
	}},
	{"as it was before", func(_ *rand.Rand, file, _, older string) error {
		b, err := os.ReadFile(older)
		if errors.Is(err, fs.ErrNotExist) {
			return os.Remove(file)
		}
		return errors.Join(err, os.WriteFile(file, b, 0o600))
	}},
	{"gone with all beside it", func(_ *rand.Rand, file, _, _ string) error { return os.RemoveAll(folderOf(file)) }},
	{"as it was before, with all beside it", func(_ *rand.Rand, file, _, older string) error {
		dir := folderOf(file)
		return errors.Join(os.RemoveAll(dir), os.CopyFS(dir, os.DirFS(filepath.Dir(older))))
	}},
	{"gone, with all beside it but their folder", func(_ *rand.Rand, file, _, _ string) error {
		dir := folderOf(file)
		return errors.Join(os.RemoveAll(dir), os.Mkdir(dir, 0o700))
	}},
	{"a folder", func(_ *rand.Rand, file, _, _ string) error {
		return errors.Join(os.Remove(file), os.Mkdir(file, 0o700))
	}},
	{"a stranger beside it", func(random *rand.Rand, file, _, _ string) error {
		names := []string{"000900.sst", "00900.mem", "000900.vlog", "x.sst", "x.mem", "notes.txt", "LOCK", "MANIFEST-REWRITE"}
		return os.WriteFile(filepath.Join(filepath.Dir(file), names[random.IntN(len(names))]), garbage(random, 2000), 0o600)
	}},
	{"a copy under another number", func(_ *rand.Rand, file, _, _ string) error {
		b, err := os.ReadFile(file)
		ext := filepath.Ext(file)
		name := map[string]string{".mem": "00900.mem"}[ext]
		if name == "" {
			name = "000900" + ext
		}
		return errors.Join(err, os.WriteFile(filepath.Join(filepath.Dir(file), name), b, 0o600))
	}},
}

// TestDamage_ServedWholeOrRefusedUntouched damages one file of a folder, in
// every way and of every kind, and opens it: everything that was acknowledged is
// there, or one sentence names the file and no byte has changed.
func TestDamage_ServedWholeOrRefusedUntouched(t *testing.T) {
	early, killed, closed := newPatients(t)
	random := rand.New(rand.NewPCG(20261201, 7))
	var whole, refused int
	for n := range damages(t) {
		p := []patient{killed, closed}[n%2]
		dir := filepath.Join(t.TempDir(), "db")
		copyStore(t, p.dir, dir)
		hurt := injuries[n%len(injuries)]
		file, other := pickFile(t, random, dir), pickFile(t, random, dir)
		if err := hurt.do(random, file, other, filepath.Join(early.dir, filepath.Base(file))); err != nil {
			t.Fatalf("%s: %v", hurt.name, err)
		}
		what := fmt.Sprintf("%d: %s %s (and %s)", n, filepath.Base(file), hurt.name, filepath.Base(other))
		if tryDamaged(t, what, dir, p.digest) {
			whole++
		} else {
			refused++
		}
		if err := os.RemoveAll(filepath.Dir(dir)); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d served whole, %d refused", whole, refused)
	if whole == 0 || refused == 0 {
		t.Error("the injuries are all of one kind")
	}
}

// pickFile takes each kind of file as often as another.
func pickFile(t *testing.T, random *rand.Rand, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string][]string{"mark": {dir + ".mark"}}
	order := []string{"mark"}
	for _, entry := range entries {
		kind := filepath.Ext(entry.Name())
		if kind == "" {
			kind = entry.Name()
		}
		if kinds[kind] == nil {
			order = append(order, kind)
		}
		kinds[kind] = append(kinds[kind], filepath.Join(dir, entry.Name()))
	}
	slices.Sort(order)
	files := kinds[order[random.IntN(len(order))]]
	return files[random.IntN(len(files))]
}

// tryDamaged verifies and opens a folder and reports whether it was served.
func tryDamaged(t *testing.T, what, dir, want string) (served bool) {
	t.Helper()
	before := fingerprint(t, filepath.Dir(dir))
	_, verdict := badgerkv.Verify(dir)
	if after := fingerprint(t, filepath.Dir(dir)); after != before {
		t.Errorf("%s: verifying changed something", what)
	}
	s, err := badgerkv.Open(badgerkv.Options{Dir: dir})
	if (err == nil) != (verdict == nil) {
		t.Errorf("%s: Verify says %v, Open says %v", what, verdict, err)
	}
	if err == nil {
		if got := digestOf(t, s); got != want {
			t.Errorf("%s: called usable, but less: got %s, want %s", what, got, want)
		}
		if err := s.Close(); err != nil {
			t.Errorf("%s: close: %v", what, err)
		}
		return true
	}
	var damage *kv.Damage
	if !errors.As(err, &damage) {
		t.Errorf("%s: got %v, want a file named as damaged", what, err)
		return false
	}
	if strings.Contains(err.Error(), "\n") || !strings.HasPrefix(damage.File, filepath.Dir(dir)) {
		t.Errorf("%s: got %q, want one sentence that names a file of the folder", what, err)
	}
	if after := fingerprint(t, filepath.Dir(dir)); after != before {
		t.Errorf("%s: refused, but something was changed", what)
	}
	return false
}

// fingerprint is of every name, time and byte below a folder.
func fingerprint(t testing.TB, root string) string {
	t.Helper()
	sum := sha256.New()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		fmt.Fprintln(sum, path, info.Mode(), info.ModTime().UnixNano(), info.Size())
		if entry.IsDir() {
			return nil
		}
		b, err := os.ReadFile(path)
		fmt.Fprintf(sum, "%x\n", sha256.Sum256(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}
