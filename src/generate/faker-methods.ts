// The methods of @faker-js/faker that give a single value, by module: what `faker:` in a declaration may name. A list of
// its own, since faker is too heavy to be loaded for checking a file; a test compares it with the installed package.

const METHODS: Readonly<Record<string, string>> = {
  airline: 'aircraftType flightNumber recordLocator seat',
  animal: 'bear bird cat cetacean cow crocodilia dog fish horse insect lion petName rabbit rodent snake type',
  book: 'author format genre publisher series title',
  color: 'cssSupportedFunction cssSupportedSpace human rgb space',
  commerce: 'department isbn price product productAdjective productDescription productMaterial productName upc',
  company: 'buzzAdjective buzzNoun buzzPhrase buzzVerb catchPhrase catchPhraseAdjective catchPhraseDescriptor catchPhraseNoun name',
  database: 'collation column engine mongodbObjectId type',
  datatype: 'boolean',
  date: 'anytime between birthdate future month past recent soon timeZone weekday',
  finance:
    'accountName accountNumber amount bic bitcoinAddress creditCardCVV creditCardIssuer creditCardNumber currencyCode currencyName currencyNumericCode currencySymbol ethereumAddress iban litecoinAddress pin routingNumber transactionDescription transactionType',
  food: 'adjective description dish ethnicCategory fruit ingredient meat spice vegetable',
  git: 'branch commitDate commitEntry commitMessage commitSha',
  hacker: 'abbreviation adjective ingverb noun phrase verb',
  helpers: 'arrayElement fake fromRegExp maybe mustache rangeToNumber replaceCreditCardSymbols replaceSymbols slugify weightedArrayElement',
  image: 'avatar avatarGitHub dataUri personPortrait url urlPicsumPhotos',
  internet:
    'displayName domainName domainSuffix domainWord email emoji exampleEmail httpMethod httpStatusCode ip ipv4 ipv6 jwt jwtAlgorithm mac password port protocol url userAgent username',
  location:
    'buildingNumber cardinalDirection city continent country countryCode county direction latitude longitude ordinalDirection postalAddress secondaryAddress state street streetAddress timeZone zipCode',
  lorem: 'lines paragraph paragraphs sentence sentences slug text word words',
  music: 'album artist genre songName',
  number: 'bigInt binary float hex int octal romanNumeral',
  person: 'bio firstName fullName gender jobArea jobDescriptor jobTitle jobType lastName middleName prefix sex sexType suffix zodiacSign',
  phone: 'imei number',
  string: 'alpha alphanumeric binary fromCharacters hexadecimal nanoid numeric octal sample symbol ulid uuid',
  system: 'commonFileExt commonFileName commonFileType cron directoryPath fileExt fileName filePath fileType mimeType networkInterface semver',
  vehicle: 'bicycle color fuel manufacturer model type vehicle vin vrm',
  word: 'adjective adverb conjunction interjection noun preposition sample verb words',
};

/** Every method, as `person.firstName`. */
export const FAKER_METHODS: ReadonlySet<string> = new Set(
  Object.entries(METHODS).flatMap(([module, methods]) => methods.split(' ').map((method) => `${module}.${method}`)),
);
