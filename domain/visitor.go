package domain

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// Visitor is somebody who chats on a shop's page: a browser that holds a token, or a person for whom the shop vouches.
// Visitors who never wrote are not kept at all.
type Visitor struct {
	ID        ID `cbor:"1,keyasint,omitzero"`
	ChannelID ID `cbor:"2,keyasint,omitzero"`
	// the shop's own id of the person, once it vouched for them; "" = nobody did
	User      string    `cbor:"3,keyasint,omitzero"`
	Name      string    `cbor:"4,keyasint,omitzero"` // as told, or vouched for
	Email     string    `cbor:"5,keyasint,omitzero"` // as told: proves nothing unless User is set
	Language  Language  `cbor:"6,keyasint,omitzero"`
	CreatedAt time.Time `cbor:"7,keyasint,omitzero"`
	// the newest of the shop's signatures that was believed: when it ends, in seconds since 1970, and the hash of the token
	// that brought it
	ProvedUntil int64    `cbor:"8,keyasint,omitzero"`
	ProvedBy    [32]byte `cbor:"9,keyasint,omitzero"`
}

// Identity is how the visitor is known as a contact.
func (v *Visitor) Identity() Identity {
	return Identity{Kind: UserIdentity, Scope: v.ChannelID.String(), Value: v.ID.String()}
}

// IsVouchedFor reports whether the shop proved who the visitor is.
func (v *Visitor) IsVouchedFor() bool { return v.User != "" }

// MissingDetails tells which of the details the visitor still has to tell. Whoever is vouched for is asked nothing.
func (v *Visitor) MissingDetails(asked VisitorDetails) (name, email bool) {
	if v.IsVouchedFor() {
		return false, false
	}
	return asked.AsksName() && v.Name == "", asked.AsksEmail() && v.Email == ""
}

// SignedVisitor is what a shop's page says of the person who is signed in there. The signature is HMAC-SHA256, in
// hexadecimal, with the channel's identity secret over four lines: user, end of validity, mail address, name.
type SignedVisitor struct {
	User      string // the shop's own id of the person
	Name      string
	Email     string
	Expires   int64 // seconds since 1970; afterwards the signature is worth nothing
	Signature string
}

// maxSigned bounds each part in bytes.
const maxSigned = 254

// signedAhead is how far ahead the end of a signature may lie: whoever holds one is that person until then. clockSkew is
// how far the shop's clock may be fast.
const (
	signedAhead = time.Hour
	clockSkew   = 2 * time.Minute
)

// Check refuses what the holder of the secret did not sign, or signed for a time that is over. Without a secret nothing
// is proven.
func (s SignedVisitor) Check(secret Secret, now time.Time) error {
	for _, part := range []string{s.User, s.Name, s.Email} {
		if len(part) > maxSigned || strings.ContainsFunc(part, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return Refuse(Forbidden, "error.identity_signature")
		}
	}
	given, err := hex.DecodeString(s.Signature)
	if err != nil || secret == "" || s.User == "" || !hmac.Equal(given, s.computeMAC(secret)) {
		return Refuse(Forbidden, "error.identity_signature")
	}
	if now.Unix() >= s.Expires {
		return Refuse(Forbidden, "error.identity_expired")
	}
	if s.Expires > now.Add(signedAhead+clockSkew).Unix() {
		return Refuse(Forbidden, "error.identity_too_long")
	}
	if s.Email != "" && !IsEmail(s.Email) {
		return Refuse(Forbidden, "error.identity_signature")
	}
	return nil
}

// Sign gives the signature a shop has to make: for tests, and for the example in the settings.
func (s SignedVisitor) Sign(secret Secret) string { return hex.EncodeToString(s.computeMAC(secret)) }

func (s SignedVisitor) computeMAC(secret Secret) []byte {
	mac := hmac.New(sha256.New, []byte(secret.Reveal()))
	mac.Write([]byte(strings.Join([]string{s.User, strconv.FormatInt(s.Expires, 10), s.Email, s.Name}, "\n")))
	return mac.Sum(nil)
}
