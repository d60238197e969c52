package store_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"pult/domain"
	"pult/domain/store"
	"pult/domain/store/kv"
)

func TestFile_LongOneIsReadBackFromAnyPosition(t *testing.T) {
	d := open(t)
	content := make([]byte, 5*store.PieceSize+77)
	for i := range content {
		content[i] = byte(i * i >> 3)
	}
	f := domain.File{Name: "x"}
	if err := d.WriteFile(t.Context(), &f, bytes.NewReader(content), 10<<20); err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(content); f.Size != int64(len(content)) || f.Chunks != 6 || !bytes.Equal(f.SHA256, sum[:]) {
		t.Errorf("got %d bytes in %d pieces", f.Size, f.Chunks)
	}
	r := d.OpenFile(t.Context(), f)
	got, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(got, content) {
		t.Errorf("got %d bytes, %v; want the same %d", len(got), err, len(content))
	}
	if _, err := r.Seek(-100, io.SeekEnd); err != nil {
		t.Fatal(err)
	}
	if tail, _ := io.ReadAll(r); !bytes.Equal(tail, content[len(content)-100:]) {
		t.Error("the last hundred bytes differ")
	}
}

func TestFile_OneThatWasCutOffIsNone(t *testing.T) {
	d := open(t)
	for _, size := range []int{0, 10, store.PieceSize, 4*store.PieceSize + 10} {
		begun := strings.NewReader(strings.Repeat("x", size))
		cut := io.MultiReader(begun, iotest.ErrReader(io.ErrUnexpectedEOF)) // as a body says when the line breaks
		f := domain.File{}
		if err := d.WriteFile(t.Context(), &f, cut, 10<<20); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("after %d bytes: got %v and a file of %d bytes, want that it was cut off", size, err, f.Size)
		}
	}
}

func TestFile_TooLongOneLeavesOnlyWhatTheSweeperFinds(t *testing.T) {
	d := open(t)
	f := domain.File{}
	err := d.WriteFile(t.Context(), &f, strings.NewReader(strings.Repeat("x", 3<<20)), 1<<20)
	if !errors.Is(err, store.ErrFileTooBig) {
		t.Fatalf("got %v, want too big", err)
	}
	d.view(func(tx *store.Tx) error {
		if ids, err := tx.UnclaimedFiles(10); err != nil || len(ids) != 1 || ids[0] != f.ID {
			t.Errorf("got %v, %v; want the upload marked", ids, err)
		}
		return nil
	})
	if err := d.DropFile(t.Context(), f.ID); err != nil {
		t.Fatal(err)
	}
	d.view(func(tx *store.Tx) error {
		if ids, err := tx.UnclaimedFiles(10); err != nil || len(ids) != 0 {
			t.Errorf("got %v, %v; want nothing left", ids, err)
		}
		return nil
	})
}

func TestFile_IsClaimedByAMessageAndDroppedWhole(t *testing.T) {
	d := open(t)
	before := d.keys()
	sizes := []int{0, 1, store.PieceSize, 3 * store.PieceSize, 3*store.PieceSize + 1}
	for _, size := range sizes {
		f := domain.File{Name: "x"}
		if err := d.WriteFile(t.Context(), &f, strings.NewReader(strings.Repeat("x", size)), 10<<20); err != nil {
			t.Fatal(err)
		}
		if want := (size + store.PieceSize - 1) / store.PieceSize; f.Chunks != want || f.Size != int64(size) {
			t.Errorf("%d bytes: got %d in %d pieces, want %d", size, f.Size, f.Chunks, want)
		}
		claimed := func() (is bool) {
			d.view(func(tx *store.Tx) (err error) { is, err = tx.IsFileClaimed(f.ID); return err })
			return is
		}
		if claimed() {
			t.Errorf("%d bytes: claimed before a message names it", size)
		}
		d.update(func(tx *store.Tx) error { return errors.Join(tx.ClaimFile(&f), tx.ClaimFile(&f)) })
		d.view(func(tx *store.Tx) error {
			ids, err := tx.UnclaimedFiles(10)
			if len(ids) != 0 || !claimed() {
				t.Errorf("%d bytes: got %d unclaimed files, claimed %v", size, len(ids), claimed())
			}
			return err
		})
		got, err := io.ReadAll(d.OpenFile(t.Context(), f))
		if err != nil || len(got) != size {
			t.Errorf("%d bytes: read %d, %v", size, len(got), err)
		}
		if err := d.DropFile(t.Context(), f.ID); err != nil {
			t.Fatal(err)
		}
		wantList(t, fmt.Sprintf("keys after dropping %d bytes", size), d.keys(), before)
	}
}

func TestUnclaimedFiles_OldestFirst(t *testing.T) {
	d := open(t)
	var want []domain.ID
	for range 3 {
		f := domain.File{}
		if err := d.WriteFile(t.Context(), &f, strings.NewReader("x"), 10); err != nil {
			t.Fatal(err)
		}
		want = append(want, f.ID)
	}
	d.view(func(tx *store.Tx) error {
		ids, err := tx.UnclaimedFiles(10)
		wantList(t, "unclaimed", ids, want)
		two, err2 := tx.UnclaimedFiles(2)
		wantList(t, "at most two", two, want[:2])
		return errors.Join(err, err2)
	})
}

// A file exactly as long as the limit is taken, one byte more is not.
func TestWriteFile_LimitIsExact(t *testing.T) {
	d := open(t)
	for size, want := range map[int]error{1000: nil, 1001: store.ErrFileTooBig} {
		f := domain.File{}
		err := d.WriteFile(t.Context(), &f, strings.NewReader(strings.Repeat("x", size)), 1000)
		if !errors.Is(err, want) {
			t.Errorf("%d bytes: got %v, want %v", size, err, want)
		}
	}
}

// A file whose pieces are gone must not read as a shorter file.
func TestOpenFile_MissingPieceIsAnError(t *testing.T) {
	d := open(t)
	f := domain.File{}
	content := strings.NewReader(strings.Repeat("x", 2*store.PieceSize))
	if err := d.WriteFile(t.Context(), &f, content, 10<<20); err != nil {
		t.Fatal(err)
	}
	if err := d.DropFile(t.Context(), f.ID); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(d.OpenFile(t.Context(), f)); err == nil {
		t.Errorf("read %d bytes of a file that is gone", len(got))
	}
}

// A piece that lost its end must neither be read as if it were whole nor hold the reader up for ever.
func TestOpenFile_ShortPieceIsAnError(t *testing.T) {
	d := open(t)
	f := domain.File{}
	if err := d.WriteFile(t.Context(), &f, strings.NewReader(strings.Repeat("x", 1000)), 10<<20); err != nil {
		t.Fatal(err)
	}
	piece := append(append([]byte("fb/"), f.ID[:]...), 0, 0, 0, 0)
	err := d.engine.Update(t.Context(), func(w kv.Txn) error { return w.Set(piece, []byte("xxx")) })
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(d.OpenFile(t.Context(), f)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %d bytes, %v, want that it was cut off", len(got), err)
	}
}

func TestFileReader_SeeksFromAllThreePositions(t *testing.T) {
	d := open(t)
	content := []byte(strings.Repeat("0123456789", store.PieceSize/5))
	f := domain.File{}
	if err := d.WriteFile(t.Context(), &f, bytes.NewReader(content), 10<<20); err != nil {
		t.Fatal(err)
	}
	r := d.OpenFile(t.Context(), f)
	for _, step := range []struct {
		offset int64
		whence int
		want   int64
	}{
		{5, io.SeekStart, 5},
		{store.PieceSize - 6, io.SeekCurrent, store.PieceSize - 1}, // what is read next lies in two pieces
		{-3, io.SeekEnd, int64(len(content)) - 3},
		{0, io.SeekStart, 0},
	} {
		at, err := r.Seek(step.offset, step.whence)
		if at != step.want || err != nil {
			t.Errorf("seek %d from %d: got %d, %v, want %d", step.offset, step.whence, at, err, step.want)
		}
		two := make([]byte, 2)
		if _, err := io.ReadFull(r, two); err != nil || !bytes.Equal(two, content[at:at+2]) {
			t.Errorf("at %d: got %q, %v", at, two, err)
		}
		if _, err := r.Seek(-2, io.SeekCurrent); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Seek(-1, io.SeekStart); err == nil {
		t.Error("a position before the start was taken")
	}
}
