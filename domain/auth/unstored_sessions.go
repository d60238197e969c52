package auth

import (
	"bytes"
	"sync"

	"pult/domain"
)

// unstoredSessions are sessions that could not be stored, because the disk was full: whoever has to make room must be
// able to sign in. They end with the program. It is safe for many callers.
type unstoredSessions struct {
	mu  sync.Mutex
	all map[string]domain.Session // guarded by mu; by hash
}

// maxUnstored bounds them: a desk has fewer operators who sign in while its disk is full.
const maxUnstored = 200

// keep remembers a session; it reports whether there was room.
func (s *unstoredSessions) keep(session domain.Session) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.all) >= maxUnstored {
		return false
	}
	s.all[string(session.Hash)] = session
	return true
}

func (s *unstoredSessions) find(hash []byte) (domain.Session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.all[string(hash)]
	return found, ok
}

// use moves the idle time of a session that is one of them.
func (s *unstoredSessions) use(session domain.Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.all[string(session.Hash)]; ok {
		s.all[string(session.Hash)] = session
	}
}

// end forgets one session.
func (s *unstoredSessions) end(hash []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, string(hash))
}

// endOf forgets the sessions of an operator but the one with the hash.
func (s *unstoredSessions) endOf(operator domain.ID, but []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for hash, session := range s.all {
		if session.Operator == operator && !bytes.Equal(session.Hash, but) {
			delete(s.all, hash)
		}
	}
}

// of lists those of an operator.
func (s *unstoredSessions) of(operator domain.ID) (list []domain.Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, session := range s.all {
		if session.Operator == operator {
			list = append(list, session)
		}
	}
	return list
}

// drop forgets those of which over is true.
func (s *unstoredSessions) drop(over func(*domain.Session) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for hash, session := range s.all {
		if over(&session) {
			delete(s.all, hash)
		}
	}
}
