"""What makes a secret unreadable, what only looks as if it did, and what checks a secret.

``HASHING`` maps a function, or a method as ``class.method``, to its kind and to the positions of the
arguments that matter (a word is a keyword), the secret first:

``password``  slow, salted hash made for passwords: the result may be stored
``derive``    key derivation; as good as ``password`` with enough rounds
``encrypt``   reversible: hides a credential that must be used again, is no way to keep a user's password
``decrypt``   gives the secret back
``fast``      digest without salt or cost: no password hash
``encode``    no protection at all
``keyed``     digest under a key (HMAC): right for tokens, not for passwords
``verify``    checks a secret against a stored hash
``compare``   compares two texts in constant time: right for tokens and digests
``setter``    hashes its argument into the object it is called on
"""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

HASHING: dict[str, str] = {
    # bcrypt, argon2, scrypt
    "bcrypt.hashpw": "password 0", "bcrypt.kdf": "derive 0", "bcrypt.checkpw": "verify 0 1",
    "argon2.PasswordHasher.hash": "password 0", "argon2.PasswordHasher.verify": "verify 1 0",
    "argon2.low_level.hash_secret": "password 0", "argon2.low_level.hash_secret_raw": "derive 0",
    "argon2.low_level.verify_secret": "verify 1 0", "argon2.hash_password": "password 0",
    "argon2.hash_password_raw": "derive 0", "argon2.verify_password": "verify 1 0",
    "nacl.pwhash.str": "password 0", "nacl.pwhash.argon2id.str": "password 0", "nacl.pwhash.argon2i.str": "password 0",
    "nacl.pwhash.scrypt.str": "password 0", "nacl.pwhash.verify": "verify 1 0",
    "nacl.pwhash.argon2id.kdf": "derive 1", "nacl.pwhash.argon2i.kdf": "derive 1", "nacl.pwhash.scrypt.kdf": "derive 1",
    "hashlib.pbkdf2_hmac": "derive 1", "hashlib.scrypt": "derive 0", "crypt.crypt": "password 0",
    "scrypt.hash": "derive 0",
    "cryptography.hazmat.primitives.kdf.pbkdf2.PBKDF2HMAC.derive": "derive 0",
    "cryptography.hazmat.primitives.kdf.pbkdf2.PBKDF2HMAC.verify": "verify 0 1",
    "cryptography.hazmat.primitives.kdf.scrypt.Scrypt.derive": "derive 0",
    "cryptography.hazmat.primitives.kdf.scrypt.Scrypt.verify": "verify 0 1",
    "cryptography.hazmat.primitives.kdf.argon2.Argon2id.derive": "derive 0",
    "cryptography.hazmat.primitives.kdf.argon2.Argon2id.verify": "verify 0 1",
    "Crypto.Protocol.KDF.PBKDF2": "derive 0", "Crypto.Protocol.KDF.scrypt": "derive 0",
    "Crypto.Protocol.KDF.bcrypt": "password 0", "Crypto.Protocol.KDF.bcrypt_check": "verify 0 1",
    # frameworks
    "django.contrib.auth.hashers.make_password": "password 0",
    "django.contrib.auth.hashers.check_password": "verify 0 1",
    "django.contrib.auth.hashers.acheck_password": "verify 0 1",
    "django.contrib.auth.models.AbstractBaseUser.set_password": "setter 0",
    "django.contrib.auth.models.AbstractBaseUser.set_unusable_password": "setter",
    "django.contrib.auth.models.AbstractBaseUser.check_password": "verify 0",
    "django.contrib.auth.models.AbstractBaseUser.acheck_password": "verify 0",
    "django.contrib.auth.models.UserManager.create_user": "setter password",
    "django.contrib.auth.models.UserManager.create_superuser": "setter password",
    "django.contrib.auth.models.UserManager.acreate_user": "setter password",
    "django.contrib.auth.models.UserManager.acreate_superuser": "setter password",
    "django.contrib.auth.authenticate": "verify password", "django.contrib.auth.aauthenticate": "verify password",
    "werkzeug.security.generate_password_hash": "password 0", "werkzeug.security.check_password_hash": "verify 1 0",
    "flask_bcrypt.generate_password_hash": "password 0", "flask_bcrypt.check_password_hash": "verify 1 0",
    "flask_bcrypt.Bcrypt.generate_password_hash": "password 0",
    "flask_bcrypt.Bcrypt.check_password_hash": "verify 1 0",
    "flask_security.hash_password": "password 0", "flask_security.verify_password": "verify 0 1",
    "flask_security.utils.hash_password": "password 0", "flask_security.utils.verify_password": "verify 0 1",
    "flask_security.utils.encrypt_password": "password 0",
    "flask_security.utils.verify_and_update_password": "verify 0", "flask_security.utils.hash_data": "fast 0",
    "fastapi_users.password.PasswordHelper.hash": "password 0",
    "fastapi_users.password.PasswordHelper.verify_and_update": "verify 0 1",
    "pwdlib.PasswordHash.hash": "password 0", "pwdlib.PasswordHash.verify": "verify 0 1",
    "pwdlib.PasswordHash.verify_and_update": "verify 0 1",
    "pwdlib.hashers.argon2.Argon2Hasher.hash": "password 0", "pwdlib.hashers.argon2.Argon2Hasher.verify": "verify 0 1",
    "pwdlib.hashers.bcrypt.BcryptHasher.hash": "password 0", "pwdlib.hashers.bcrypt.BcryptHasher.verify": "verify 0 1",
    # passlib: a context, or one scheme (PASSLIB_SCHEMES)
    "passlib.context.CryptContext.hash": "password 0", "passlib.context.CryptContext.encrypt": "password 0",
    "passlib.context.CryptContext.verify": "verify 0 1",
    "passlib.context.CryptContext.verify_and_update": "verify 0 1",
    "passlib.context.LazyCryptContext.hash": "password 0", "passlib.context.LazyCryptContext.verify": "verify 0 1",
    # inside the database
    "sqlalchemy.func.crypt": "password 0",
    # fast digests
    "hashlib.md5": "fast 0", "hashlib.sha1": "fast 0", "hashlib.sha224": "fast 0", "hashlib.sha256": "fast 0",
    "hashlib.sha384": "fast 0", "hashlib.sha512": "fast 0", "hashlib.sha3_224": "fast 0",
    "hashlib.sha3_256": "fast 0", "hashlib.sha3_384": "fast 0", "hashlib.sha3_512": "fast 0",
    "hashlib.shake_128": "fast 0", "hashlib.shake_256": "fast 0", "hashlib.blake2b": "fast 0",
    "hashlib.blake2s": "fast 0", "hashlib.new": "fast 1", "zlib.crc32": "fast 0", "zlib.adler32": "fast 0",
    "binascii.crc32": "fast 0", "xxhash.xxh32": "fast 0", "xxhash.xxh64": "fast 0", "mmh3.hash": "fast 0",
    "hash": "fast 0",
    "Crypto.Hash.MD5.new": "fast 0", "Crypto.Hash.SHA1.new": "fast 0", "Crypto.Hash.SHA256.new": "fast 0",
    "Crypto.Hash.SHA512.new": "fast 0", "Crypto.Hash.SHA3_256.new": "fast 0",
    "cryptography.hazmat.primitives.hashes.Hash.update": "fast 0", "nacl.hash.sha256": "fast 0",
    "nacl.hash.sha512": "fast 0", "nacl.hash.blake2b": "fast 0",
    # digests under a key
    "hmac.new": "keyed 1", "hmac.digest": "keyed 1", "django.utils.crypto.salted_hmac": "keyed 1",
    "django.utils.crypto.pbkdf2": "derive 0",
    # encryption
    "cryptography.fernet.Fernet.encrypt": "encrypt 0", "cryptography.fernet.Fernet.decrypt": "decrypt 0",
    "cryptography.fernet.MultiFernet.encrypt": "encrypt 0", "cryptography.fernet.MultiFernet.decrypt": "decrypt 0",
    "cryptography.hazmat.primitives.ciphers.aead.AESGCM.encrypt": "encrypt 1",
    "cryptography.hazmat.primitives.ciphers.aead.AESGCM.decrypt": "decrypt 1",
    "cryptography.hazmat.primitives.ciphers.aead.ChaCha20Poly1305.encrypt": "encrypt 1",
    "cryptography.hazmat.primitives.ciphers.aead.ChaCha20Poly1305.decrypt": "decrypt 1",
    "nacl.secret.SecretBox.encrypt": "encrypt 0", "nacl.secret.SecretBox.decrypt": "decrypt 0",
    "django.core.signing.dumps": "encode 0", "itsdangerous.URLSafeTimedSerializer.dumps": "encode 0",
    "jwt.encode": "encode 0", "jose.jwt.encode": "encode 0",
    # no protection
    "base64.b64encode": "encode 0", "base64.urlsafe_b64encode": "encode 0", "base64.b32encode": "encode 0",
    "base64.b16encode": "encode 0", "base64.b85encode": "encode 0", "base64.encodebytes": "encode 0",
    "binascii.hexlify": "encode 0", "codecs.encode": "encode 0",
    # constant-time comparison
    "hmac.compare_digest": "compare 0 1", "secrets.compare_digest": "compare 0 1",
    "django.utils.crypto.constant_time_compare": "compare 0 1",
    "werkzeug.security.safe_str_cmp": "compare 0 1",
    "cryptography.hazmat.primitives.constant_time.bytes_eq": "compare 0 1",
}

#: Schemes of ``passlib.hash``: what ``hash``/``encrypt`` of each is worth (``verify`` checks in all of them).
PASSLIB_SCHEMES: dict[str, str] = {
    "argon2": "password", "bcrypt": "password", "bcrypt_sha256": "password", "scrypt": "password",
    "pbkdf2_sha256": "password", "pbkdf2_sha512": "password", "pbkdf2_sha1": "password",
    "sha256_crypt": "password", "sha512_crypt": "password", "django_argon2": "password",
    "django_bcrypt": "password", "django_bcrypt_sha256": "password", "django_pbkdf2_sha256": "password",
    "django_pbkdf2_sha1": "password", "ldap_bcrypt": "password", "ldap_pbkdf2_sha256": "password",
    "ldap_pbkdf2_sha512": "password", "ldap_pbkdf2_sha1": "password", "ldap_sha256_crypt": "password",
    "ldap_sha512_crypt": "password", "grub_pbkdf2_sha512": "password", "scram": "password",
    "atlassian_pbkdf2_sha1": "password", "cta_pbkdf2_sha1": "password", "dlitz_pbkdf2_sha1": "password",
    "sha1_crypt": "password", "phpass": "fast", "fshp": "fast", "md5_crypt": "fast", "apr_md5_crypt": "fast",
    "sun_md5_crypt": "fast", "des_crypt": "fast", "bsdi_crypt": "fast", "bigcrypt": "fast", "crypt16": "fast",
    "hex_md4": "fast", "hex_md5": "fast", "hex_sha1": "fast", "hex_sha256": "fast", "hex_sha512": "fast",
    "ldap_md5": "fast", "ldap_sha1": "fast", "ldap_hex_md5": "fast", "ldap_hex_sha1": "fast",
    "ldap_salted_md5": "fast", "ldap_salted_sha1": "fast", "ldap_salted_sha256": "fast",
    "ldap_salted_sha512": "fast", "ldap_md5_crypt": "fast", "ldap_sha1_crypt": "password",
    "ldap_des_crypt": "fast", "ldap_bsdi_crypt": "fast",
    "django_salted_md5": "fast", "django_salted_sha1": "fast", "django_des_crypt": "fast", "lmhash": "fast",
    "nthash": "fast", "bsd_nthash": "fast", "msdcc": "fast", "msdcc2": "password", "mssql2000": "fast",
    "mssql2005": "fast", "mysql323": "fast", "mysql41": "fast", "oracle10": "fast", "oracle11": "fast",
    "postgres_md5": "fast", "htdigest": "fast", "cisco_asa": "fast", "cisco_pix": "fast", "cisco_type7": "encode",
    "plaintext": "encode", "ldap_plaintext": "encode", "roundup_plaintext": "encode",
    # no password matches these
    "django_disabled": "password", "unix_disabled": "password", "unix_fallback": "password",
}

#: Hashers of Django's ``PASSWORD_HASHERS`` setting and what they are worth.
DJANGO_HASHERS: dict[str, str] = {
    "django.contrib.auth.hashers.PBKDF2PasswordHasher": "password",
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher": "password",
    "django.contrib.auth.hashers.Argon2PasswordHasher": "password",
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher": "password",
    "django.contrib.auth.hashers.BCryptPasswordHasher": "password",
    "django.contrib.auth.hashers.ScryptPasswordHasher": "password",
    "django.contrib.auth.hashers.MD5PasswordHasher": "fast",
    "django.contrib.auth.hashers.SHA1PasswordHasher": "fast",
    "django.contrib.auth.hashers.UnsaltedMD5PasswordHasher": "fast",
    "django.contrib.auth.hashers.UnsaltedSHA1PasswordHasher": "fast",
    "django.contrib.auth.hashers.CryptPasswordHasher": "fast",
}

#: Prefixes of the ``method`` argument of ``werkzeug.security.generate_password_hash``.
WERKZEUG_METHODS: dict[str, str] = {
    "scrypt": "password", "pbkdf2": "password", "plain": "encode", "md5": "fast", "sha1": "fast",
    "sha224": "fast", "sha256": "fast", "sha384": "fast", "sha512": "fast",
}

#: Column and field types that hash or encrypt what is assigned to them.
PROTECTING_COLUMNS: dict[str, str] = {
    "sqlalchemy_utils.PasswordType": "password", "sqlalchemy_utils.types.password.PasswordType": "password",
    "sqlalchemy_utils.EncryptedType": "encrypt", "sqlalchemy_utils.StringEncryptedType": "encrypt",
    "sqlalchemy_utils.types.encrypted.encrypted_type.EncryptedType": "encrypt",
    "sqlalchemy_utils.types.encrypted.encrypted_type.StringEncryptedType": "encrypt",
    "encrypted_model_fields.fields.EncryptedCharField": "encrypt",
    "encrypted_model_fields.fields.EncryptedTextField": "encrypt",
    "fernet_fields.EncryptedCharField": "encrypt", "fernet_fields.EncryptedTextField": "encrypt",
    "django_cryptography.fields.encrypt": "encrypt", "django_fernet.fields.FernetTextField": "encrypt",
    "advanced_alchemy.types.EncryptedString": "encrypt", "advanced_alchemy.types.PasswordHash": "password",
}
