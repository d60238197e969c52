package auth

import (
	"bytes"
	"sync"

	"pult/domain"
)

// shortlived are sessions that could not be stored, because the disk was full: whoever has to make room must be able to sign in.
// They end with the program. It is safe for many callers.
type shortlived struct {
	mu  sync.Mutex
	all map[string]domain.Session // guarded by mu; by hash
}

// mostShortlived bounds them: a desk has fewer operators who sign in while its disk is full.
const mostShortlived = 200

// keep remembers a session; it reports whether there was room.
func (s *shortlived) keep(session domain.Session) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.all) >= mostShortlived {
		return false
	}
	s.all[string(session.Hash)] = session
	return true
}

func (s *shortlived) find(hash []byte) (domain.Session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.all[string(hash)]
	return found, ok
}

// use moves the idle time of a session that is one of them.
func (s *shortlived) use(session domain.Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.all[string(session.Hash)]; ok {
		s.all[string(session.Hash)] = session
	}
}

// end forgets one session.
func (s *shortlived) end(hash []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, string(hash))
}

// endOf forgets the sessions of an operator but the one with the hash.
func (s *shortlived) endOf(operator domain.ID, but []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for hash, session := range s.all {
		if session.Operator == operator && !bytes.Equal(session.Hash, but) {
			delete(s.all, hash)
		}
	}
}
