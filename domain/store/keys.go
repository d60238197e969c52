package store

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"time"

	"pult/domain"
)

// The key space. An id is 16 bytes; "time" is 8 bytes of milliseconds since 1970, big-endian, and "~" before a part
// means that its bits are inverted, so that the newest comes first. Text parts are ended by 0x00, which they cannot
// contain. An arrow shows what a key leads to; keys without one are index entries with an empty value.
//
//	w                                → Workspace
//	n/<name>                         → counter, 8 bytes
//	z                                → schema number     zr                    → when the data were restored
//	zu                                                   restored, and not settled yet what waited in them
//
//	o/<operator>                     → Operator          oe/<e-mail>           → operator id
//	s/<hash>                         → Session           so/<operator><hash>
//	c/<channel>                      → Channel           ck/<key>, ca/<driver>0<account> → channel id
//	cr/<channel>                     → the cursor of its receiver, as the driver wrote it
//	cl/<login>                       → ChannelLogin
//	p/<contact>                      → Contact           pi/<kind>0<scope>0<value>       → contact id
//	pn/<name>0<contact>                                  pc/<contact><conversation>
//	y/<company>                      → Company           yn/<name>             → company id
//
//	v/<conversation>                 → Conversation      vn/<number>           → conversation id
//	vt/<channel><contact>            → conversation id: the newest one of the contact there
//	va/<channel>~<time><conversation>                    by activity
//	vs/<channel><status>0~<time><conversation>           by status, then activity
//	vo/<operator>~<time><conversation>                   of an assignee
//	vu/<channel>~<time><conversation>                    of nobody, and not done
//	vw/<channel><time><conversation>                     waiting, longest first
//	vb/<channel>~<number><conversation>                  by number
//	vp/<channel><name>0<conversation>                    by participant
//
//	m/<conversation><time><message>  → Message           mx/<message>          → the vendor's raw data
//	mi/<message>                     → conversation id, time
//	mv/<channel><vendor id>          → message id; also for ids whose message is not kept
//	mm/<channel><Message-ID>         → message id: letters sent and received, the first that had the id
//	mo/<channel><vendor id>          → a status that came before its message
//	mr/<request><time><message>                          messages of a request
//
//	r/<request>                      → Request           rn/<number>           → request id
//	rv/<conversation>~<request>                          requests of a conversation
//	rt/<template>                    → RequestTemplate   g/<tag>               → the tag as written
//	t/<channel><name>0<language>     → MessageTemplate
//	k/<operator>                     → id of the message of the call they are in, or have just ended
//	ki/<channel><message>                                calls that ring, unanswered
//	f/<file>                         → File              fb/<file><piece>      → at most 256 KiB
//	fu/<file>                                            uploads that no message names yet
//	fp/<hash of a token>             → Publication
//	d/<operator><conversation>       → Draft
//	i/<form><operator>               → id of what was made from a form
//	u/<visitor>                      → Visitor           uh/<channel><hash>    → visitor id, of the token they show
//	uu/<channel><user>                                   → visitor id, of whom the shop vouches for
//
//	j/<entry>                        → JournalEntry that waits     jp/<entry>  → ParkedEntry
//	jb/<entry><piece>                → the first pieces of a long body
//	q/<job>                          → Job               qt/<time><job>        waiting in the desk's own queue, by due time
//	qw/<queue>0<time><job>                               waiting in a queue that has a name, by due time
//	ql/<lane>0<job>                                      in order within a lane
//	qr/<time><job>                                       running, by end of lease
//	qd/<job>                                             dead
//	e/<seq>                          → Event
//	l/<operator><day><conversation>                      conversations an operator led on a day
//	x/<scope><term>0~<id><channel>                       search postings; scope m c r, and v<column>

const idLen = 16

func makeKey(prefix string, parts ...[]byte) []byte {
	n := len(prefix)
	for _, p := range parts {
		n += len(p)
	}
	k := append(make([]byte, 0, n), prefix...)
	for _, p := range parts {
		k = append(k, p...)
	}
	return k
}

func uint64Part(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func uint32Part(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }

func timePart(t time.Time) []byte { return uint64Part(uint64(max(t.UnixMilli(), 0))) }

// textPart ends a text part, so that no text is a prefix of another.
func textPart(s string) []byte {
	b := make([]byte, 0, len(s)+1)
	for i := 0; i < len(s); i++ {
		if s[i] != 0 {
			b = append(b, s[i])
		}
	}
	return append(b, 0)
}

func invertBytes(b []byte) []byte {
	out := make([]byte, len(b))
	for i, c := range b {
		out[i] = ^c
	}
	return out
}

// tailID reads the identifier at the end of an index key.
func tailID(k []byte) (id domain.ID) {
	copy(id[:], k[len(k)-idLen:])
	return id
}

func invertID(b []byte) (id domain.ID) {
	copy(id[:], invertBytes(b))
	return id
}

func idFrom(b []byte) (id domain.ID) {
	copy(id[:], b)
	return id
}

func tailTime(b []byte) time.Time {
	return time.UnixMilli(int64(binary.BigEndian.Uint64(b))).UTC()
}

// clipText keeps a text short enough for a key. Long texts stay apart by their checksum.
func clipText(s string) string {
	const most = 200
	if len(s) <= most {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	return s[:most-2*len(sum)] + hex.EncodeToString(sum[:])
}
