/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads public keys field by field, and makes a throw-away pair with libcrypto. */
#include "choice/ssh_key.h"

#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"

#include "base/banned.h"

enum {
	LONGEST_KEY = 4096, /* bytes of one line; an RSA key of 16384 bits has 2800 */
	LONGEST_FILE = 65536,
	POINT = 65, /* an uncompressed point of P-256 */
};

static const char *const types[] = {
	"ssh-ed25519",
	"ssh-rsa",
	"ecdsa-sha2-nistp256",
	"ecdsa-sha2-nistp384",
	"ecdsa-sha2-nistp521",
	"sk-ssh-ed25519@openssh.com",
	"sk-ecdsa-sha2-nistp256@openssh.com",
};

static const char made_type[] = "ecdsa-sha2-nistp256";
static const char made_curve[] = "nistp256";

static bool is_type(const char *s, size_t len)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (strlen(types[i]) == len && memcmp(types[i], s, len) == 0)
			return true;
	return false;
}

/* A key's bytes start with its type as a string: four bytes of length, then the text. */
static bool begins_with_type(const char *base64, size_t len, const char *type, size_t type_len)
{
	unsigned char *bytes = xmalloc(len + 1);
	bool ok = len % 4 == 0 &&
		  EVP_DecodeBlock(bytes, (const unsigned char *)base64, (int)len) >= 0 &&
		  len / 4 * 3 > 4 + type_len + 4;

	ok = ok && bytes[0] == 0 && bytes[1] == 0 &&
	     ((size_t)bytes[2] << 8 | bytes[3]) == type_len &&
	     memcmp(bytes + 4, type, type_len) == 0;
	free(bytes);
	return ok;
}

/* The end of what stands before a key: no-pty,command="a b"; blanks count between quotation marks. */
static const char *options_end(const char *s)
{
	bool quoted = false;

	for (; *s && (quoted || *s != ' '); s++) {
		if (*s == '"')
			quoted = !quoted;
		else if (*s == '\\' && s[1])
			s++;
	}
	return s;
}

static bool accept_line(const char *line, struct error *err)
{
	const char *key = line, *base64;
	size_t type_len = strcspn(line, " "), len;

	if (strlen(line) > LONGEST_KEY)
		return error_set(
			err, ERROR_PROFILE, "a public key has at most %d bytes", LONGEST_KEY);
	if (strstr(line, "PRIVATE KEY"))
		return error_set(err, ERROR_PROFILE,
			"this is a private key, which stays with its owner; the public one is in the file whose name ends in .pub");
	for (const char *s = line; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return error_set(err, ERROR_PROFILE,
				"a public key is one line without control characters");
	if (!is_type(line, type_len)) {
		key = options_end(line);
		key += strspn(key, " ");
		type_len = strcspn(key, " ");
	}
	if (!is_type(key, type_len))
		return error_set(err, ERROR_PROFILE,
			"'%.40s' is not a public SSH key; it is a line like 'ssh-ed25519 AAAA... name', as in ~/.ssh/id_ed25519.pub",
			line);
	base64 = key + type_len + strspn(key + type_len, " ");
	len = strcspn(base64, " ");
	if (!begins_with_type(base64, len, key, type_len))
		return error_set(err, ERROR_PROFILE,
			"the key after '%.*s' is not whole; copy the whole line of the .pub file",
			(int)type_len, key);
	return true;
}

/* The next line that says something, with its number; empty ones and comments do not. */
static const char *next_key(const char **at, int *number, struct arena *a)
{
	while (**at) {
		const char *line = *at + strspn(*at, " \t");
		size_t len = strcspn(line, "\r\n");

		*at = line + len;
		*at += **at == '\r';
		*at += **at == '\n';
		++*number;
		while (len && (line[len - 1] == ' ' || line[len - 1] == '\t'))
			len--;
		if (len && *line != '#')
			return arena_strn(a, line, len);
	}
	return NULL;
}

/* Every key of `lines`; `all`, unless it is NULL, gets one on each line. */
static bool accept_all(const char *lines, bool named, struct text *all, struct error *err)
{
	struct arena arena = ARENA_INIT;
	int number = 0, keys = 0;
	const char *line;
	bool ok = true;

	while (ok && (line = next_key(&lines, &number, &arena))) {
		const char *key = named ? line + strcspn(line, ": ") : line;

		ok = (!named || (*key == ':' && key++ > line))
			     ? accept_line(key, err)
			     : error_set(err, ERROR_PROFILE,
				       "'%.40s' does not begin with the name of a user and a colon; a line is NAME:ssh-ed25519 AAAA... comment",
				       line);
		if (!ok && (keys || *lines))
			error_in(err, "line %d", number);
		if (ok && all)
			text_fmt(all, "%s%s", all->len ? "\n" : "", line);
		keys++;
	}
	arena_release(&arena);
	return ok &&
	       (keys ||
		       error_set(err, ERROR_PROFILE,
			       "there is no public SSH key here; it is a line like 'ssh-ed25519 AAAA... name', as in ~/.ssh/id_ed25519.pub"));
}

bool ssh_key_accept(const char *lines, struct error *err)
{
	return accept_all(lines, false, NULL, err);
}

bool ssh_key_accept_named(const char *lines, struct error *err)
{
	return accept_all(lines, true, NULL, err);
}

const char *ssh_key_from_file(const char *value, struct arena *a, struct error *err)
{
	const char *path = place_path(a, NULL, value), *keys = NULL;
	struct text content = TEXT_INIT, all = TEXT_INIT;

	if (strncmp(value, "~/", 2) != 0 && *value != '/' && strncmp(value, "./", 2) != 0 &&
		strncmp(value, "../", 3) != 0)
		return value;
	if (!text_read_file(&content, path, LONGEST_FILE, err))
		err->kind = ERROR_PROFILE; /* a choice names it */
	else if (accept_all(content.s, false, &all, err))
		keys = arena_str(a, all.s);
	else
		error_in(err, "%s", path);
	text_release(&content);
	text_release(&all);
	return keys;
}

/* ---- a throw-away pair ---- */

static void add_string(struct text *t, const void *bytes, size_t len)
{
	const char head[] = {0, 0, (char)(len >> 8), (char)len};

	text_add(t, head, sizeof head);
	text_add(t, bytes, len);
}

static bool public_line(EVP_PKEY *key, const char *comment, struct text *line)
{
	unsigned char point[POINT + 8], base64[256];
	struct text bytes = TEXT_INIT;
	size_t len = 0;
	bool ok = EVP_PKEY_get_octet_string_param(
			  key, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &len) == 1 &&
		  len == POINT;

	if (ok) {
		add_string(&bytes, made_type, sizeof made_type - 1);
		add_string(&bytes, made_curve, sizeof made_curve - 1);
		add_string(&bytes, point, len);
		EVP_EncodeBlock(base64, (const unsigned char *)bytes.s, (int)bytes.len);
		text_fmt(line, "%s %s %s", made_type, (const char *)base64, comment);
	}
	text_release(&bytes);
	return ok;
}

/* Of the formats that libcrypto can write, OpenSSH before 9.6 reads only this one. */
static bool private_text(EVP_PKEY *key, struct text *text)
{
	BIO *memory = BIO_new(BIO_s_mem());
	char *bytes = NULL;
	long len;
	bool ok = memory &&
		  PEM_write_bio_PrivateKey_traditional(memory, key, NULL, NULL, 0, NULL, NULL) == 1;

	len = ok ? BIO_get_mem_data(memory, &bytes) : 0;
	if (ok)
		text_add(text, bytes, (size_t)len);
	BIO_free(memory);
	return ok;
}

static bool write_private(const char *path, const struct text *text, struct error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool ok = fd >= 0 && write(fd, text->s, text->len) == (ssize_t)text->len;

	if (!ok)
		error_errno(err, "%s cannot be written", path);
	if (fd >= 0)
		close(fd);
	return ok;
}

bool ssh_key_make(const char *path, const char *comment, struct text *line, struct error *err)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	struct text text = TEXT_INIT;
	bool ok = key && public_line(key, comment, line) && private_text(key, &text);

	if (!ok)
		error_set(err, ERROR_INTERNAL, "a key for the test boot cannot be made");
	ok = ok && write_private(path, &text, err);
	EVP_PKEY_free(key);
	text_release(&text);
	return ok;
}
