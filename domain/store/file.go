package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"pult/domain"
	"pult/domain/store/kv"
)

// PieceSize is how a file's bytes are cut. Four pieces fit one transaction; a file of 100 MB never lies in memory
// whole.
const PieceSize = 256 << 10

const piecesPerCommit = 3

// ErrFileTooBig says that a file went over the limit given to WriteFile. Nothing of it is kept.
var ErrFileTooBig = errors.New("store: file too big")

// WriteFile stores the bytes of a file, which no message names yet, and completes its size, pieces and checksum. A
// failure or a crash leaves pieces that the sweeper removes.
func (s *Store) WriteFile(ctx context.Context, f *domain.File, r io.Reader, limit int64) error {
	if err := s.startFile(ctx, f); err != nil {
		return err
	}
	sum, size := sha256.New(), int64(0)
	for done := false; !done; {
		pieces := make([][]byte, 0, piecesPerCommit)
		for len(pieces) < piecesPerCommit && !done {
			piece := make([]byte, PieceSize)
			n, err := fillPiece(piece, r)
			if err != nil && !errors.Is(err, io.EOF) {
				return fmt.Errorf("store: read file %s: %w", f.ID, err)
			}
			done = err != nil
			if size += int64(n); size > limit {
				return ErrFileTooBig
			}
			if n > 0 {
				pieces = append(pieces, piece[:n])
				sum.Write(piece[:n])
			}
		}
		if err := s.writePieces(ctx, f, pieces); err != nil {
			return fmt.Errorf("store: write file %s: %w", f.ID, err)
		}
		f.Chunks += len(pieces)
	}
	f.Size, f.SHA256 = size, sum.Sum(nil)
	return s.Update(ctx, func(tx *Tx) error { return tx.PutFile(f) })
}

// fillPiece reads until a piece is full. Unlike io.ReadFull it tells a file that ends, io.EOF, from one that a broken
// line cut off, for which readers of bodies say io.ErrUnexpectedEOF.
func fillPiece(piece []byte, r io.Reader) (n int, err error) {
	for n < len(piece) && err == nil {
		var more int
		more, err = r.Read(piece[n:])
		n += more
	}
	return n, err
}

// startFile marks the upload first, so that pieces of one that never ends are found by the sweeper.
func (s *Store) startFile(ctx context.Context, f *domain.File) error {
	return s.Update(ctx, func(tx *Tx) error {
		f.CreatedAt = tx.Now
		if f.ID.IsZero() {
			f.ID = tx.NewID()
		}
		return tx.setKey(makeKey("fu/", f.ID[:]), nil)
	})
}

func (s *Store) writePieces(ctx context.Context, f *domain.File, pieces [][]byte) error {
	return s.Update(ctx, func(tx *Tx) error {
		for i, p := range pieces {
			if err := tx.setKey(pieceKey(f.ID, f.Chunks+i), p); err != nil {
				return err
			}
		}
		return nil
	})
}

func pieceKey(id domain.ID, n int) []byte { return makeKey("fb/", id[:], uint32Part(uint32(n))) }

// File reads what is known of a file.
func (tx *Tx) File(id domain.ID) (f domain.File, err error) {
	return f, tx.getRecord(makeKey("f/", id[:]), &f)
}

// PutFile writes what is known of a file.
func (tx *Tx) PutFile(f *domain.File) error { return tx.putRecord(makeKey("f/", f.ID[:]), f) }

// ClaimFile notes that a message names the file: the sweeper leaves it alone.
func (tx *Tx) ClaimFile(f *domain.File) error {
	if err := tx.deleteKey(makeKey("fu/", f.ID[:])); err != nil {
		return err
	}
	return tx.PutFile(f)
}

// UnclaimedFiles lists uploads no message names, oldest first.
func (tx *Tx) UnclaimedFiles(limit int) (ids []domain.ID, err error) {
	err = tx.eachQueued(kv.Range{Prefix: makeKey("fu/"), KeysOnly: true, Limit: limit}, func(k, _ []byte) error {
		ids = append(ids, tailID(k))
		return nil
	})
	return ids, err
}

// DropFile removes a file and its pieces, in as many transactions as it takes.
func (s *Store) DropFile(ctx context.Context, id domain.ID) error {
	for {
		n := 0
		err := s.Update(ctx, func(tx *Tx) error {
			var pieces [][]byte
			err := tx.r.Iterate(kv.Range{
				Prefix:   makeKey("fb/", id[:]),
				KeysOnly: true,
				Limit:    200,
			}, func(k, _ []byte) error {
				pieces = append(pieces, append([]byte(nil), k...))
				return nil
			})
			if n = len(pieces); err == nil && n == 0 {
				pieces = [][]byte{makeKey("f/", id[:]), makeKey("fu/", id[:])}
			}
			return errors.Join(err, deleteKeys(tx, pieces))
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

// FileReader reads a stored file piece by piece, from any position. It is not safe for several callers.
type FileReader struct {
	ctx   context.Context
	s     *Store
	f     domain.File
	at    int64
	piece []byte
	which int // number of the piece held, -1 = none
}

// OpenFile gives a reader of a file's bytes. ctx bounds all its reads.
func (s *Store) OpenFile(ctx context.Context, f domain.File) *FileReader {
	return &FileReader{ctx: ctx, s: s, f: f, which: -1}
}

// Read reads on from the position.
func (r *FileReader) Read(p []byte) (int, error) {
	if r.at >= r.f.Size {
		return 0, io.EOF
	}
	if n := int(r.at / PieceSize); n != r.which {
		err := r.s.View(r.ctx, func(tx *Tx) (err error) {
			r.piece, err = tx.r.Get(pieceKey(r.f.ID, n))
			return err
		})
		if err != nil {
			return 0, fmt.Errorf("store: piece %d of file %s: %w", n, r.f.ID, err)
		}
		r.which = n
	}
	offset := int(r.at % PieceSize)
	if offset >= len(r.piece) {
		return 0, io.ErrUnexpectedEOF
	}
	n := copy(p, r.piece[offset:])
	r.at += int64(n)
	return n, nil
}

// Seek moves the position.
func (r *FileReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.f.Size
	}
	if offset < 0 {
		return 0, errors.New("store: seek before the start")
	}
	r.at = offset
	return offset, nil
}

// Close lets go of the piece held.
func (r *FileReader) Close() error {
	r.piece, r.which = nil, -1
	return nil
}

// IsFileClaimed reports whether a message names the file.
func (tx *Tx) IsFileClaimed(id domain.ID) (bool, error) {
	_, err := tx.r.Get(makeKey("fu/", id[:]))
	if errors.Is(err, kv.ErrNotFound) {
		return true, nil
	}
	return false, err
}
